#include "capture/file/codec.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/trace_builder.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

struct Content {
  Codec codec = Codec::plain;
  std::string bytes;
  std::string error;  // empty: a clean end
};

/// Reads a path to its end, `step` bytes at a time.
Content read_path(const std::string& path, size_t step = 256 * 1024) {
  Content content;
  auto input = open_input(path);
  if (!input) return {Codec::plain, {}, input.error().message};
  auto stream = open_stream(**input);
  if (!stream) return {Codec::plain, {}, stream.error().message};
  content.codec = (*stream)->codec();
  std::vector<std::byte> buffer(step);
  for (;;) {
    auto n = (*stream)->read(buffer);
    if (!n) content.error = n.error().message;
    if (!n || *n == 0) return content;
    content.bytes += as_text(Bytes(buffer).first(*n));
  }
}

Content read_back(const std::string& file, size_t step = 256 * 1024) {
  const MemoryFile memory(file);
  return read_path(memory.path(), step);
}

/// Half text, half noise: compresses a little.
std::string sample(size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::string text(size, ' ');
  for (size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>(i / 64 % 2 != 0 ? random() & 0xff : 'a' + i % 7);
  return text;
}

}  // namespace

TEST_CASE("the codec is found from the content") {
  const std::string text = sample(5000);
  CHECK(read_back(text).codec == Codec::plain);
  CHECK(read_back(gzip(text)).codec == Codec::gzip);
  CHECK(read_back(zstd_frame(text)).codec == Codec::zstd);
  CHECK(read_back(zstd_skippable_frame("index") + zstd_frame(text)).codec == Codec::zstd);
  CHECK(codec_name(Codec::plain) == "none");
  CHECK(codec_name(Codec::gzip) == "gzip");
  CHECK(codec_name(Codec::zstd) == "zstd");
}

TEST_CASE("every codec gives the content back, whatever the size of the reads") {
  for (const size_t size : {size_t{1}, size_t{3}, size_t{70000}, size_t{1'000'000}}) {
    const std::string text = sample(size);
    for (const std::string& file : {text, gzip(text), zstd_frame(text), zstd_frame(text, true)}) {
      for (const size_t step : {size_t{1000}, size_t{4096}, size_t{262144}}) {
        const Content content = read_back(file, step);
        CHECK(content.error == "");
        CHECK((content.bytes == text));
      }
    }
  }
}

TEST_CASE("an end that coincides with the end of a read is a clean end") {
  for (const size_t size : {size_t{262144}, size_t{524288}, size_t{131072}}) {
    const std::string text = sample(size);
    for (const std::string& file : {text, gzip(text), zstd_frame(text), zstd_frame(text, true),
                                    zstd_frame(text) + zstd_frame("tail")}) {
      const Content content = read_back(file, 131072);
      CHECK(content.error == "");
      CHECK((content.bytes.substr(0, size) == text));
    }
  }
}

TEST_CASE("concatenated gzip members are one stream") {
  const std::string a = sample(300'000, 1), b = sample(10, 2), c = sample(400'000, 3);
  const Content content = read_back(gzip(a) + gzip(b) + gzip("") + gzip(c));
  CHECK(content.error == "");
  CHECK((content.bytes == a + b + c));
}

TEST_CASE("what follows the last gzip member is ignored") {
  const std::string text = sample(1000);
  for (const std::string& rest : {std::string("x"), std::string(1, '\x1f'), std::string(100, '\0'),
                                  std::string(300'000, 'y')}) {
    const Content content = read_back(gzip(text) + rest);
    CHECK(content.error == "");
    CHECK((content.bytes == text));
  }
}

TEST_CASE("zstd frames are one stream, skippable ones are passed over") {
  const std::string a = sample(300'000, 1), b = sample(400'000, 2);
  const Content content =
      read_back(zstd_skippable_frame("head") + zstd_frame(a) + zstd_skippable_frame("") +
                zstd_frame("") + zstd_frame(b, true) + zstd_skippable_frame(sample(600'000)));
  CHECK(content.error == "");
  CHECK((content.bytes == a + b));
}

TEST_CASE("a stream cut short gives what it held, then an error") {
  const std::string text = sample(200'000);
  for (const std::string& whole : {gzip(text), zstd_frame(text), zstd_frame(text, true)}) {
    for (const size_t kept : {whole.size() - 1, whole.size() * 3 / 4, size_t{5}}) {
      const Content content = read_back(whole.substr(0, kept));
      CHECK(content.error.find("cut short") != std::string::npos);
      CHECK((content.bytes == text.substr(0, content.bytes.size())));
      if (kept > whole.size() / 2) CHECK(content.bytes.size() > 0);
    }
  }
}

TEST_CASE("a second member or frame that is cut short is an error too") {
  const std::string a = sample(1000, 1), b = sample(50'000, 2);
  for (const auto& [first, second] :
       {std::pair(gzip(a), gzip(b)), std::pair(zstd_frame(a), zstd_frame(b)),
        std::pair(zstd_frame(a), zstd_skippable_frame(b))}) {
    const Content content = read_back(first + second.substr(0, second.size() / 2));
    CHECK(content.error.find("cut short") != std::string::npos);
    CHECK((content.bytes.substr(0, a.size()) == a));
  }
}

TEST_CASE("damage inside a stream gives what came before and an error that says where") {
  const std::string text = sample(2'000'000);
  for (std::string file : {gzip(text), zstd_frame(text, true)}) {
    for (size_t i = 0; i < 40; ++i) file[file.size() * 3 / 4 + i] = '\xA5';
    const Content content = read_back(file);
    CHECK(content.error.find("damaged near byte ") != std::string::npos);
    CHECK(content.bytes.size() > text.size() / 4);
    // What is decoded right behind the damage may be wrong before it is noticed.
    CHECK((content.bytes.substr(0, text.size() / 2) == text.substr(0, text.size() / 2)));
  }
}

TEST_CASE("what is given of a damaged zstd frame does not depend on how it arrives") {
  // A frame of 8 bytes, as it says, with a block of 40 in it.
  const std::string file =
      std::string("\x28\xb5\x2f\xfd\x80\x31\x08\0\0\0\x41\x01\0", 13) + std::string(40, 'x');
  const Content whole = read_back(file);
  CHECK(whole.error.find("damaged") != std::string::npos);
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const UniqueFd from(ends[0]);
  std::thread writer([to = UniqueFd(ends[1]), &file] {
    for (const char byte : file) CHECK(::write(to.get(), &byte, 1) == 1);
  });
  const Content trickled = read_path("/proc/self/fd/" + std::to_string(from.get()));
  writer.join();
  CHECK(trickled.bytes == whole.bytes);
  CHECK(trickled.error.find("damaged") != std::string::npos);
}

TEST_CASE("garbage behind a zstd frame is damage, as for zstd itself") {
  const std::string text = sample(1000);
  const Content content = read_back(zstd_frame(text) + "garbage!");
  CHECK((content.bytes == text));
  CHECK(content.error.find("damaged") != std::string::npos);
}

TEST_CASE("files of 0 to 3 bytes are plain") {
  for (const std::string& text : {std::string(), std::string("a"), std::string("\x28\xb5\x2f")}) {
    const Content content = read_back(text);
    CHECK(content.codec == Codec::plain);
    CHECK(content.error == "");
    CHECK(content.bytes == text);
  }
}

TEST_CASE("a pipe is read as it flows, and cancel ends a read that waits for it") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const UniqueFd from(ends[0]), to(ends[1]);
  auto input = open_input("/proc/self/fd/" + std::to_string(from.get()));
  REQUIRE(input);
  CHECK((*input)->size() == 0);
  REQUIRE(::write(to.get(), "hello", 5) == 5);
  auto stream = open_stream(**input);
  REQUIRE(stream);
  std::array<std::byte, 100> buffer{};
  auto n = (*stream)->read(buffer);
  REQUIRE(n);
  CHECK(as_text(Bytes(buffer).first(*n)) == "hello");
  CHECK((*input)->position() == 5);
  std::thread canceller([&] { (*input)->cancel(); });
  n = (*stream)->read(buffer);  // would wait for ever: the other end is open
  canceller.join();
  REQUIRE(n);
  CHECK(*n == 0);
}

TEST_CASE("paths that cannot be read say why") {
  CHECK(read_path("/nonexistent/trace").error == "cannot open: No such file or directory");
  CHECK(read_path("/tmp").error == "is a directory, not a trace");
}
