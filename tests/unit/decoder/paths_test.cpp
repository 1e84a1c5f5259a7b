#include "decoder/paths.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gyr;

namespace {

std::string joined(std::string_view directory, std::string_view path) {
  Text text;
  text.append("x");  // what stands in front must not matter
  append_joined(text, directory, path);
  return std::string(text.view().substr(1));
}

}  // namespace

TEST_CASE("joining paths") {
  CHECK(joined("/usr/lib/", "../share/x") == "/usr/share/x");
  CHECK(joined("/usr/lib", "x") == "/usr/lib/x");
  CHECK(joined("/usr/lib", "/etc/passwd") == "/etc/passwd");
  CHECK(joined("/", "x") == "/x");
  CHECK(joined("/a/b/", "") == "/a/b");
  CHECK(joined("", "/a/b/") == "/a/b");
  CHECK(joined("", "/") == "/");
  CHECK(joined("/", "") == "/");
  CHECK(joined("", "") == "");
  CHECK(joined("", "x/y") == "x/y");
}

TEST_CASE("dots and doubled slashes go away") {
  CHECK(joined("/a//b/./", "./c//d/.") == "/a/b/c/d");
  CHECK(joined("/a/b/", "..") == "/a");
  CHECK(joined("/a/b/", "../..") == "/");
  CHECK(joined("/a/b/", "../../../../c") == "/c");
  CHECK(joined("/a/b/", "../x/../y") == "/a/y");
  CHECK(joined("/a", ".hidden") == "/a/.hidden");
  CHECK(joined("/a", "...") == "/a/...");
  CHECK(joined("/a", "..b") == "/a/..b");
  CHECK(joined("/", "/..") == "/");
}

TEST_CASE("an unknown directory stays in front") {
  CHECK(joined(unknown_directory, "") == "<UNKNOWN>");
  CHECK(joined("<UNKNOWN>/", "x") == "<UNKNOWN>/x");
}

TEST_CASE("what is too long gives a fixed text") {
  const std::string half(512, 'a');
  CHECK(joined(half, half) == half + '/' + half);
  CHECK(joined(half, half + "b") == path_too_long);
  const std::string absolute = '/' + std::string(1023, 'b');
  CHECK(joined(half + half, absolute) == absolute);
  CHECK(joined("", absolute + "b") == path_too_long);
}
