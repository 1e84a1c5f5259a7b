// The first two bytes say in which portions the file comes and is asked for, the others are a
// plain, gzip or zstd file.
//
// Checked beyond memory and undefined behaviour: neither portion changes what is decompressed, nor
// whether the file is found damaged; of a damaged file, what is given before the error.
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "capture/file/codec.hpp"
#include "tests/fuzz/check.hpp"

namespace gyr::fuzz {

namespace {

// A few bytes of input can stand for gigabytes.
constexpr size_t most_output = size_t{1} << 20;
constexpr size_t largest_read = 256 * 1024;

struct Outcome {
  std::string output;
  bool failed = false;
};

Outcome read_all(InputFile& input, size_t read_size, size_t portion_size, size_t most) {
  Outcome outcome;
  auto stream = open_stream(input);
  if (!stream) return {{}, true};
  // A plain file is read straight into our buffer.
  if ((*stream)->codec() == Codec::plain) read_size = std::max(read_size, portion_size);
  std::vector<std::byte> buffer(read_size);
  while (outcome.output.size() < most) {
    const auto n = (*stream)->read(buffer);
    check(!n || *n <= buffer.size(), "more was read than there is room for");
    outcome.failed = !n;
    if (!n || *n == 0) break;
    outcome.output += as_text(Bytes(buffer).first(*n));
  }
  return outcome;
}

UniqueFd memory_file(Bytes bytes) {
  UniqueFd fd(::memfd_create("input", MFD_CLOEXEC));
  check(::write(fd.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
            ::lseek(fd.get(), 0, SEEK_SET) == 0,
        "no file in memory");
  return fd;
}

/// Each read gives one portion, then the end. What does not fit into the read is lost.
UniqueFd portions(Bytes bytes, size_t size) {
  std::array<int, 2> ends{};
  check(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0, "no sockets");
  const UniqueFd in(ends[1]);
  for (size_t at = 0; at < bytes.size(); at += size) {
    const Bytes portion = bytes.subspan(at, std::min(size, bytes.size() - at));
    check(::send(in.get(), portion.data(), portion.size(), MSG_DONTWAIT) ==
              static_cast<ssize_t>(portion.size()),
          "the socket is full");
  }
  return UniqueFd(ends[0]);
}

/// A zstd frame can ask for a window of 2 GiB. It takes no memory until it is used, but the
/// sanitizer spends a second on it.
bool has_large_window(Bytes bytes) {
  constexpr uint32_t magic = 0xFD2FB528;
  constexpr unsigned most_bits = 20;
  constexpr std::array<size_t, 4> dictionary_id_sizes = {0, 1, 2, 4};
  for (size_t at = 0; at + sizeof magic <= bytes.size(); ++at) {
    if (load<uint32_t>(bytes.data() + at) != magic) continue;
    Cursor header(bytes.subspan(at + sizeof magic));
    const auto descriptor = header.take<uint8_t>();
    const bool single_segment = (descriptor & 0x20) != 0;
    const unsigned window_bits = single_segment ? 0 : 10 + (header.take<uint8_t>() >> 3);
    header.skip(dictionary_id_sizes[descriptor & 3]);
    const unsigned size_form = descriptor >> 6;
    uint64_t content_size = 0;
    if (size_form == 2) content_size = header.take<uint32_t>();
    if (size_form == 3) content_size = header.take<uint64_t>();
    if (window_bits > most_bits || (single_segment && content_size >> most_bits != 0)) return true;
  }
  return false;
}

void run(Bytes bytes, size_t portion_size, size_t read_size) {
  constexpr uint64_t regular_file = 1;   // any size: not waited for
  constexpr size_t most_portions = 100;  // that the socket holds
  portion_size = std::max(portion_size, bytes.size() / most_portions + 1);
  // Small reads of much output only take time.
  const size_t most = std::min(most_output, read_size * 4096);
  InputFile file(memory_file(bytes), UniqueFd(), regular_file);
  const Outcome whole = read_all(file, largest_read, largest_read, most);
  InputFile pipe(portions(bytes, portion_size), UniqueFd(), regular_file);
  const Outcome pieces = read_all(pipe, read_size, portion_size, most);

  if (whole.output.size() >= most || pieces.output.size() >= most) return;
  check(whole.output == pieces.output, "the output depends on the portions");
  check(whole.failed == pieces.failed, "damage depends on the portions");
}

}  // namespace

}  // namespace gyr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::array<size_t, 4> read_sizes = {1, 61, 4096, gyr::fuzz::largest_read};
  if (size < 2) return 0;
  const gyr::Bytes file(reinterpret_cast<const std::byte*>(data + 2), size - 2);
  if (gyr::fuzz::has_large_window(file)) return 0;
  gyr::fuzz::run(file, size_t{data[0]} + 1, read_sizes[data[1] % read_sizes.size()]);
  return 0;
}
