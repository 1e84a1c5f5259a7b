// Loads and attaches probe.bpf.o, makes a few system calls, and prints what was counted:
//     calls 23, strangers 0
// The least that libbpf needs; it says on standard error what goes wrong.

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <unistd.h>

static unsigned long long count_of(struct bpf_object* object, const char* map) {
  unsigned zero = 0;
  unsigned long long value = 0;
  if (bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(object, map), &zero, &value)) perror(map);
  return value;
}

int main(int count, char** arguments) {
  if (count != 2) return 2;
  struct bpf_object* object = bpf_object__open(arguments[1]);
  if (!object || bpf_object__load(object)) return 1;
  struct bpf_link* link = bpf_program__attach(bpf_object__next_program(object, NULL));
  if (!link) return 1;
  for (int i = 0; i != 20; ++i) getppid();
  printf("calls %llu, strangers %llu\n", count_of(object, "calls"), count_of(object, "strangers"));
  bpf_link__destroy(link);
  bpf_object__close(object);
  return 0;
}
