// floor OBJECT PROGRAM…: attaches the programs of floor.bpf.c, says so, and keeps their ring empty
// until its standard input ends.
#include <bpf/libbpf.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

static int nothing(void* context, void* data, size_t size) {
  (void)context, (void)data, (void)size;
  return 0;
}

int main(int argc, char** argv) {
  struct bpf_object* object = bpf_object__open_file(argv[1], NULL);
  if (argc < 3 || bpf_object__load(object) != 0) return 1;
  for (int i = 2; i < argc; i++) {
    struct bpf_program* program = bpf_object__find_program_by_name(object, argv[i]);
    if (program == NULL || bpf_program__attach(program) == NULL) return 1;
  }
  const int map = bpf_map__fd(bpf_object__find_map_by_name(object, "ring"));
  struct ring_buffer* ring = ring_buffer__new(map, nothing, NULL, NULL);
  puts("ready");
  fflush(stdout);
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  while (poll(&input, 1, 1) == 0) ring_buffer__consume(ring);
  return 0;
}
