#include "filter/text_sets.hpp"

#include <doctest/doctest.h>
#include <fnmatch.h>

#include <algorithm>
#include <random>

using namespace gyr::filter;

namespace {

using Texts = std::vector<std::string>;

/// Short texts over few letters, so that they often are parts of one another.
std::string random_text(std::mt19937& random, size_t longest, std::string_view letters) {
  std::string text(random() % (longest + 1), ' ');
  for (char& c : text) c = letters[random() % letters.size()];
  return text;
}

Texts random_texts(std::mt19937& random, size_t shortest) {
  Texts texts(1 + random() % 8);
  for (std::string& text : texts) {
    do text = random_text(random, 5, "abA/");
    while (text.size() < shortest);
  }
  return texts;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

template <class Predicate>
bool any(const Texts& texts, Predicate predicate) {
  return std::any_of(texts.begin(), texts.end(), predicate);
}

}  // namespace

TEST_CASE("sets of texts answer as a loop over the texts does") {
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    const Texts texts = random_texts(random, round % 2);
    const TextSet equal(texts);
    const AffixSet prefixes(texts, AffixSet::End::prefix), suffixes(texts, AffixSet::End::suffix);
    const SubstringSet parts(texts, false), parts_any_case(texts, true);
    for (int i = 0; i < 20; ++i) {
      const std::string value = random_text(random, 12, "abBc/");
      CAPTURE(value);
      CAPTURE(texts);
      CHECK(equal.matches(value) == any(texts, [&](auto& t) { return t == value; }));
      CHECK(prefixes.matches(value) == any(texts, [&](auto& t) { return value.starts_with(t); }));
      CHECK(suffixes.matches(value) == any(texts, [&](auto& t) { return value.ends_with(t); }));
      const auto is_part = [&](auto& t) { return value.find(t) != std::string::npos; };
      CHECK(parts.matches(value) == any(texts, is_part));
      const auto is_part_any_case = [&](auto& t) {
        return lower(value).find(lower(t)) != std::string::npos;
      };
      CHECK(parts_any_case.matches(value) == any(texts, is_part_any_case));
    }
  }
}

TEST_CASE("sets of bytes of any value") {
  Texts all;
  for (int c = 0; c < 256; ++c) all.push_back(std::string(2, static_cast<char>(c)));
  const SubstringSet parts(all, false), parts_any_case(all, true);
  CHECK(parts.matches(std::string("xy\0\0z", 5)));
  CHECK(parts.matches("a\xff\xff"));
  CHECK_FALSE(parts.matches("abab\xfe\xff"));
  CHECK(parts_any_case.matches("aA"));
  CHECK_FALSE(parts.matches("aA"));
  CHECK(AffixSet({"\xff"}, AffixSet::End::suffix).matches("a\xff"));
  CHECK(AffixSet({"a", "\xff"}, AffixSet::End::prefix).matches("\xff\x01"));
}

TEST_CASE("empty sets match nothing") {
  CHECK_FALSE(TextSet().matches(""));
  CHECK_FALSE(AffixSet().matches(""));
  CHECK_FALSE(SubstringSet().matches(""));
  CHECK_FALSE(PathSet().matches("/"));
}

TEST_CASE("a set can be moved") {
  TextSet made({"a", "b", "c", "d", "e", "f"});
  const TextSet set = std::move(made);
  CHECK(set.matches("f"));
  CHECK_FALSE(set.matches("g"));
}

TEST_CASE("patterns match as fnmatch has it") {
  std::mt19937 random(2);
  for (int round = 0; round < 20000; ++round) {
    const std::string pattern = random_text(random, 6, "aB*?/[]!-\\");
    const std::string value = random_text(random, 6, "aAbB/-");
    CAPTURE(pattern);
    CAPTURE(value);
    CHECK(Glob(pattern, false).matches(value) == (fnmatch(pattern.c_str(), value.c_str(), 0) == 0));
    CHECK(Glob(pattern, true).matches(value) ==
          (fnmatch(pattern.c_str(), value.c_str(), FNM_CASEFOLD) == 0));
  }
}

TEST_CASE("a path set holds what is at or below one of its paths") {
  const PathSet set({"/var/lib", "/etc", "/home/*/.ssh", "usr//bin/"});
  CHECK(set.matches("/var/lib"));
  CHECK(set.matches("/var/lib/dpkg/status"));
  CHECK_FALSE(set.matches("/var/libx"));
  CHECK_FALSE(set.matches("/var"));
  CHECK(set.matches("//etc//passwd"));
  CHECK(set.matches("/home/me/.ssh/id_rsa"));
  CHECK_FALSE(set.matches("/home/me/ssh"));
  CHECK_FALSE(set.matches("/home/a/b/.ssh"));
  CHECK(set.matches("/usr/bin/env"));
  CHECK_FALSE(set.matches(""));
  CHECK(PathSet({"/"}).matches("/anything"));
  CHECK(PathSet({"/"}).matches(""));
  // A name and a pattern that both fit: either may lead to the end.
  CHECK(PathSet({"/a/x", "/*/y"}).matches("/a/y"));
}
