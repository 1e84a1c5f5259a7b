// calls COUNT [COUNT]: getppid so many times, and again after a byte of input.
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    char byte;
    if (i > 1 && read(0, &byte, 1) != 1) return 1;
    for (long left = atol(argv[i]); left > 0; --left) syscall(SYS_getppid);
    if (write(1, ".", 1) != 1) return 1;
  }
  return 0;
}
