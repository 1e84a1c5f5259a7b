#include "capture/file/window.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

using namespace gyr;

namespace {

/// Content in reads of given sizes, then perhaps an error.
class FakeStream final : public ByteStream {
 public:
  FakeStream(std::string content, size_t read_size, std::string error)
      : content_(std::move(content)), read_size_(read_size), error_(std::move(error)) {}
  Codec codec() const override { return Codec::plain; }
  Result<size_t> read(std::span<std::byte> to) override {
    const size_t n = std::min({read_size_, to.size(), content_.size() - at_});
    if (n == 0 && !error_.empty()) return fail(error_);
    std::memcpy(to.data(), content_.data() + at_, n);
    at_ += n;
    return n;
  }

 private:
  std::string content_;
  size_t read_size_;
  std::string error_;
  size_t at_ = 0;
};

std::string pattern(size_t size) {
  std::string text(size, '\0');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>((i * 31 + i / 251) & 0xff);
  return text;
}

struct Fixture {
  Fixture(std::string content, size_t read_size, std::string error = {})
      : stream(std::move(content), read_size, std::move(error)) {}
  InputFile input{UniqueFd(), UniqueFd(), 1};
  FakeStream stream;
  Window window{input, stream};

  std::string take(size_t n) {
    const size_t got = std::min(window.ensure(n), n);
    std::string text(as_text(Bytes(window.data(), got)));
    window.consume(got);
    return text;
  }
};

}  // namespace

TEST_CASE("blocks of all sizes come out in one piece, whatever the reads") {
  const std::string content = pattern(3'000'000);
  for (const size_t read_size : {size_t{997}, size_t{65536}, size_t{1} << 20}) {
    Fixture f(content, read_size);
    std::mt19937 random(7);
    size_t at = 0;
    while (at < content.size()) {
      // Mostly small, some longer than the headroom (64 KiB), few longer than a buffer (256 KiB).
      const size_t size = size_t{1} << random() % 20;
      const std::string expected = content.substr(at, size);
      REQUIRE(f.window.offset() == at);
      REQUIRE((f.take(size) == expected));
      at += expected.size();
    }
    CHECK(f.window.ensure(1) == 0);
    CHECK_FALSE(f.window.failure());
  }
}

TEST_CASE("a block larger than all buffers together is assembled") {
  const std::string content = pattern(10'000'000);
  Fixture f(content, 1 << 20);
  CHECK(f.take(3) == content.substr(0, 3));
  CHECK((f.take(9'000'000) == content.substr(3, 9'000'000)));
  CHECK((f.take(8) == content.substr(9'000'003, 8)));
  CHECK((f.take(1 << 20) == content.substr(9'000'011)));
}

TEST_CASE("an announced size that never comes gives what there is") {
  Fixture f(pattern(1000), 100);
  CHECK(f.window.ensure(500'000'000) == 1000);
  CHECK(f.window.available() == 1000);
  CHECK_FALSE(f.window.failure());
  CHECK(f.take(1000) == pattern(1000));
}

TEST_CASE("an error comes behind the content that was read before it") {
  Fixture f(pattern(700'000), 1 << 20, "the disk is on fire");
  CHECK((f.take(650'000) == pattern(700'000).substr(0, 650'000)));
  CHECK_FALSE(f.window.failure());
  CHECK(f.window.ensure(50'001) == 50'000);
  REQUIRE(f.window.failure());
  CHECK(f.window.failure()->message == "the disk is on fire");
}

TEST_CASE("an empty input") {
  Fixture f("", 100);
  CHECK(f.window.ensure(1) == 0);
  CHECK(f.window.offset() == 0);
  CHECK_FALSE(f.window.failure());
}

TEST_CASE("a window that is dropped early stops its thread") {
  for (int i = 0; i < 20; ++i) {
    Fixture f(pattern(5'000'000), 1000);
    CHECK(f.window.ensure(10) >= 10);
  }
}
