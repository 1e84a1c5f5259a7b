#include "filter/text_sets.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>

namespace gyr::filter {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), lower);
  return text;
}

bool contains(std::string_view value, std::string_view part) {
  if (part.empty()) return true;
  return part.size() <= value.size() &&  // also for memmem's sake, which takes no null pointer
         ::memmem(value.data(), value.size(), part.data(), part.size()) != nullptr;
}

bool contains_ignoring_case(std::string_view value, std::string_view lower_part) {
  const auto found = std::search(value.begin(), value.end(), lower_part.begin(), lower_part.end(),
                                 [](char a, char b) { return lower(a) == b; });
  return lower_part.empty() || found != value.end();
}

/// Order by bytes from the end.
bool less_from_end(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(
      a.rbegin(), a.rend(), b.rbegin(), b.rend(),
      [](char x, char y) { return static_cast<unsigned char>(x) < static_cast<unsigned char>(y); });
}

void sort_and_unique(std::vector<std::string>& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

}  // namespace

TextSet::TextSet(std::vector<std::string> texts) : texts_(std::move(texts)) {
  sort_and_unique(texts_);
  for (const std::string& text : texts_) sizes_ |= uint64_t{1} << std::min<size_t>(text.size(), 63);
  if (texts_.size() > few) by_hash_.insert(texts_.begin(), texts_.end());
}

bool TextSet::matches(std::string_view value) const {
  if ((sizes_ >> std::min<size_t>(value.size(), 63) & 1) == 0) return false;
  if (!by_hash_.empty()) return by_hash_.contains(value);
  return std::find(texts_.begin(), texts_.end(), value) != texts_.end();
}

AffixSet::AffixSet(std::vector<std::string> texts, End end) : end_(end) {
  const bool prefix = end == End::prefix;
  const auto less = [prefix](std::string_view a, std::string_view b) {
    return prefix ? a < b : less_from_end(a, b);
  };
  std::sort(texts.begin(), texts.end(), less);
  for (std::string& text : texts) {
    const bool covered = !texts_.empty() &&
                         (prefix ? text.starts_with(texts_.back()) : text.ends_with(texts_.back()));
    if (!covered) texts_.push_back(std::move(text));
  }
}

bool AffixSet::matches(std::string_view value) const {
  if (end_ == End::prefix) {
    const auto after = std::upper_bound(texts_.begin(), texts_.end(), value);
    return after != texts_.begin() && value.starts_with(*std::prev(after));
  }
  const auto after = std::upper_bound(texts_.begin(), texts_.end(), value, less_from_end);
  return after != texts_.begin() && value.ends_with(*std::prev(after));
}

SubstringSet::SubstringSet(std::vector<std::string> texts, bool ignore_case)
    : texts_(std::move(texts)), ignore_case_(ignore_case) {
  if (ignore_case) std::transform(texts_.begin(), texts_.end(), texts_.begin(), lowered);
  sort_and_unique(texts_);
  const bool all = std::any_of(texts_.begin(), texts_.end(), std::mem_fn(&std::string::empty));
  if (all) texts_ = {""};
  if (texts_.size() > 1) build_automaton();
}

void SubstringSet::build_automaton() {
  classes_ = 1;  // 0: bytes that are in no text
  for (const std::string& text : texts_) {
    for (const char c : text) {
      uint16_t& known = class_of_[static_cast<unsigned char>(c)];
      if (known == 0) known = static_cast<uint16_t>(classes_++);
    }
  }
  if (ignore_case_) {
    for (int c = 'A'; c <= 'Z'; ++c)
      class_of_[c] = class_of_[static_cast<int>(lower(static_cast<char>(c)))];
  }
  // The trie; 0 stands for a missing edge, since no edge leads to the root.
  std::vector<uint32_t> fallback = {0};
  next_.assign(classes_, 0);
  for (const std::string& text : texts_) {
    size_t state = 0;
    for (size_t i = 0; i < text.size() && state != accept; ++i) {
      const size_t edge = state * classes_ + class_of_[static_cast<unsigned char>(text[i])];
      const bool last = i + 1 == text.size();
      if (next_[edge] == 0 && !last) {
        next_[edge] = static_cast<uint32_t>(fallback.size());
        fallback.push_back(0);
        next_.resize(next_.size() + classes_, 0);
      }
      if (last) next_[edge] = accept;
      state = next_[edge];
    }
  }
  // Breadth first: a missing edge goes where the longest shorter match would go.
  std::deque<uint32_t> todo;
  for (uint32_t c = 0; c < classes_; ++c)
    if (next_[c] != 0 && next_[c] != accept) todo.push_back(next_[c]);
  for (; !todo.empty(); todo.pop_front()) {
    const size_t state = todo.front();
    for (uint32_t c = 0; c < classes_; ++c) {
      uint32_t& edge = next_[state * classes_ + c];
      const uint32_t shorter = next_[fallback[state] * classes_ + c];
      if (shorter == accept) edge = accept;
      if (edge == accept) continue;
      if (edge == 0) {
        edge = shorter;
      } else {
        fallback[edge] = shorter;
        todo.push_back(edge);
      }
    }
  }
}

bool SubstringSet::search(std::string_view value) const {
  size_t state = 0;
  for (const char c : value) {
    state = next_[state * classes_ + class_of_[static_cast<unsigned char>(c)]];
    if (state == accept) return true;
  }
  return false;
}

bool SubstringSet::matches(std::string_view value) const {
  if (texts_.empty()) return false;
  if (texts_.size() > 1) return search(value);
  return ignore_case_ ? contains_ignoring_case(value, texts_.front())
                      : contains(value, texts_.front());
}

Glob::Glob(std::string pattern, bool ignore_case) : ignore_case_(ignore_case) {
  std::string_view inner = pattern;
  const bool from_start = !inner.starts_with('*');
  while (inner.starts_with('*')) inner.remove_prefix(1);
  const bool to_end = !inner.ends_with('*') && !(inner.empty() && !from_start);
  while (inner.ends_with('*')) inner.remove_suffix(1);
  if (inner.find_first_of("*?[\\") != std::string_view::npos) {
    text_ = std::move(pattern);
    return;
  }
  text_ = ignore_case ? lowered(std::string(inner)) : std::string(inner);
  shape_ =
      from_start ? (to_end ? Shape::exact : Shape::prefix) : (to_end ? Shape::suffix : Shape::part);
}

/// Patterns that need the whole of fnmatch, which wants its text to end in a NUL.
bool Glob::fits(std::string_view value) const {
  thread_local std::string copy;
  copy.assign(value);
  return ::fnmatch(text_.c_str(), copy.c_str(), ignore_case_ ? FNM_CASEFOLD : 0) == 0;
}

bool Glob::matches(std::string_view value) const {
  if (shape_ == Shape::any) return fits(value);
  if (ignore_case_ && shape_ != Shape::part) {
    if (value.size() < text_.size() || (shape_ == Shape::exact && value.size() != text_.size()))
      return false;
    const std::string_view end = shape_ == Shape::suffix ? value.substr(value.size() - text_.size())
                                                         : value.substr(0, text_.size());
    return contains_ignoring_case(end, text_);
  }
  switch (shape_) {
    case Shape::exact:
      return value == text_;
    case Shape::prefix:
      return value.starts_with(text_);
    case Shape::suffix:
      return value.ends_with(text_);
    default:
      return ignore_case_ ? contains_ignoring_case(value, text_) : contains(value, text_);
  }
}

namespace {

/// Takes the first component off a path; empty when there is none left.
std::string_view take_component(std::string_view& path) {
  const size_t begin = std::min(path.find_first_not_of('/'), path.size());
  const size_t end = std::min(path.find('/', begin), path.size());
  const std::string_view component = path.substr(begin, end - begin);
  path.remove_prefix(end);
  return component;
}

bool is_pattern(std::string_view component) {
  return component.find_first_of("?*[") != std::string_view::npos;
}

}  // namespace

PathSet::PathSet(const std::vector<std::string>& paths) : nodes_(1) {
  for (const std::string& path : paths) add(path);
}

void PathSet::add(std::string_view path) {
  uint32_t at = 0;
  for (std::string_view name = take_component(path); !name.empty(); name = take_component(path)) {
    const auto fresh = static_cast<uint32_t>(nodes_.size());
    Node& node = nodes_[at];
    if (is_pattern(name)) {
      node.patterns.emplace_back(Glob(std::string(name), false), fresh);
      at = fresh;
    } else {
      auto place = std::lower_bound(
          node.names.begin(), node.names.end(), name,
          [](const auto& entry, std::string_view key) { return entry.first < key; });
      if (place == node.names.end() || place->first != name)
        place = node.names.emplace(place, std::string(name), fresh);
      at = place->second;
    }
    if (at == fresh) nodes_.emplace_back();
  }
  nodes_[at].end = true;
}

bool PathSet::matches(uint32_t at, std::string_view rest) const {
  const Node& node = nodes_[at];
  if (node.end) return true;
  const std::string_view name = take_component(rest);
  if (name.empty()) return false;
  const auto place =
      std::lower_bound(node.names.begin(), node.names.end(), name,
                       [](const auto& entry, std::string_view key) { return entry.first < key; });
  if (place != node.names.end() && place->first == name && matches(place->second, rest))
    return true;
  return std::any_of(node.patterns.begin(), node.patterns.end(), [&](const auto& entry) {
    return entry.first.matches(name) && matches(entry.second, rest);
  });
}

}  // namespace gyr::filter
