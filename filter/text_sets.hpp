// Sets of texts, and whether one of them is a prefix, a suffix or a part of a value.
//
// Purpose: a filter that names sixty strings costs about as much as one that names one: the value
// is gone over once, not once per string.
//
// Contract: built once from the texts of a filter, then constant; nothing is allocated by
// `matches`. An empty set matches nothing; the empty text is a prefix, suffix and part of every
// value.
//
// Example:
//   SubstringSet set({"/etc/", ".ssh"}, false);
//   set.matches("/root/.ssh/id_rsa");   // true
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace gyr::filter {

/// Equal to one of them.
class TextSet {
 public:
  TextSet() = default;
  explicit TextSet(std::vector<std::string> texts);
  TextSet(TextSet&&) = default;
  TextSet& operator=(TextSet&&) = default;

  bool matches(std::string_view value) const;

 private:
  static constexpr size_t few = 4;

  std::vector<std::string> texts_;
  std::unordered_set<std::string_view> by_hash_;  // views on texts_; empty when they are few
  uint64_t sizes_ = 0;                            // bit n: a text of n bytes, 63: or more
};

/// Begins, or ends, with one of them.
class AffixSet {
 public:
  enum class End : uint8_t { prefix, suffix };

  AffixSet() = default;
  AffixSet(std::vector<std::string> texts, End end);

  bool matches(std::string_view value) const;

 private:
  // In order, those left out that another one is an affix of: of what is left only the greatest
  // that is not greater than the value can match. Suffixes are compared from their ends.
  std::vector<std::string> texts_;
  End end_ = End::prefix;
};

/// Contains one of them.
class SubstringSet {
 public:
  SubstringSet() = default;
  SubstringSet(std::vector<std::string> texts, bool ignore_case);

  bool matches(std::string_view value) const;

 private:
  void build_automaton();
  bool search(std::string_view value) const;

  static constexpr uint32_t accept = UINT32_MAX;

  std::vector<std::string> texts_;
  bool ignore_case_ = false;
  // Aho-Corasick over the classes of bytes that the texts tell apart; unused for a single text.
  uint16_t class_of_[256] = {};
  uint32_t classes_ = 0;
  std::vector<uint32_t> next_;  // state * classes_ + class
};

/// A shell pattern as fnmatch(3) reads it without flags: '*' and '?' match '/' too.
class Glob {
 public:
  Glob() = default;
  Glob(std::string pattern, bool ignore_case);

  bool matches(std::string_view value) const;

 private:
  // Most patterns are one text with stars around it, which needs no pattern matching.
  enum class Shape : uint8_t { exact, prefix, suffix, part, any };

  bool fits(std::string_view value) const;

  std::string text_;
  Shape shape_ = Shape::any;
  bool ignore_case_ = false;
};

/// Paths: whether one is the value or a directory above it (pmatch). Components can be patterns.
class PathSet {
 public:
  PathSet() : nodes_(1) {}
  explicit PathSet(const std::vector<std::string>& paths);

  bool matches(std::string_view value) const { return matches(0, value); }

 private:
  struct Node {
    std::vector<std::pair<std::string, uint32_t>> names;  // in order
    std::vector<std::pair<Glob, uint32_t>> patterns;
    bool end = false;
  };

  void add(std::string_view path);
  bool matches(uint32_t node, std::string_view rest) const;

  std::vector<Node> nodes_;
};

}  // namespace gyr::filter
