// Writes the traces of tests/data: `make_traces tests/data`.
#include <cstdio>
#include <string>

#include "tests/data/dns_trace.hpp"
#include "tests/data/own_trace.hpp"
#include "tests/data/small_trace.hpp"

namespace {

bool write_file(const std::string& path, const std::string& bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const bool written =
      file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  if (file != nullptr && std::fclose(file) == 0 && written) return true;
  std::perror(path.c_str());
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_traces FOLDER\n");
    return 1;
  }
  const std::string folder = argv[1];
  const bool written = write_file(folder + "/small.scap", gyr::test::small_trace_bytes()) &&
                       write_file(folder + "/own.scap", gyr::test::own_trace_bytes()) &&
                       write_file(folder + "/dns.scap", gyr::test::dns_trace_bytes());
  return written ? 0 : 1;
}
