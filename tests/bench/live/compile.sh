#!/bin/sh
# Compiles a few small files one after the other: processes that are short and open many headers.
set -e
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
for i in 1 2 3 4 5 6 7 8 9 10; do
  printf '#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <sys/socket.h>\n
int f%s(void) { return printf("%%d", %s); }\n' $i $i >"$folder/$i.c"
  gcc -O1 -c "$folder/$i.c" -o "$folder/$i.o"
done
