// Writes tests/data/small.scap: `make_small_trace tests/data/small.scap`.
#include <cstdio>
#include <string>

#include "tests/data/small_trace.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_small_trace FILE\n");
    return 1;
  }
  const std::string trace = gyr::test::small_trace_bytes();
  std::FILE* file = std::fopen(argv[1], "wb");
  const bool written =
      file != nullptr && std::fwrite(trace.data(), 1, trace.size(), file) == trace.size();
  if (file == nullptr || std::fclose(file) != 0 || !written) {
    std::perror(argv[1]);
    return 1;
  }
  return 0;
}
