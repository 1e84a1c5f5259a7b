// The options among the arguments of a program, as getopt(3) finds them.
//
// Contract: the scan ends at "--", at "-", and at the first word that is empty or has no '-' in
// front. Words like "--long" are passed over. "-abc" is three options, unless one of them takes a
// value: then that is the rest of the word, or else the next word. A ':' at the start of `letters`
// means nothing here.
//
// Example:
//   scan_options(words, "ab:", [](const ScannedOption& option) { ... });   // -a -b VALUE
#pragma once

#include <span>
#include <string_view>

#include "filter/fields/value.hpp"

namespace gyr::filter {

struct ScannedOption {
  std::string_view letter;  // as written; '?' is told by `known`
  std::string_view value;
  bool known = true;
  bool has_value = false;
  bool lacks_value = false;  // takes one, but the words have ended

  /// What the option stands for: its value, nothing where that is missing, its letter if it takes
  /// none.
  std::string_view text() const {
    return has_value || lacks_value ? value : known ? letter : std::string_view("?");
  }
};

template <class F>
void scan_options(std::span<const Value> words, std::string_view letters, F use) {
  if (letters.starts_with(':')) letters.remove_prefix(1);
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    if (word.size() < 2 || word[0] != '-' || word == "--") return;
    if (word[1] == '-') continue;
    for (size_t at = 1; at < word.size(); ++at) {
      ScannedOption option;
      option.letter = word.substr(at, 1);
      const size_t row = word[at] == ':' ? letters.npos : letters.find(word[at]);
      option.known = row != letters.npos;
      if (option.known && letters.substr(row + 1).starts_with(':')) {
        option.value = word.substr(at + 1);
        option.has_value = !option.value.empty() || i + 1 < words.size();
        option.lacks_value = !option.has_value;
        if (option.value.empty() && option.has_value) option.value = words[++i].text;
        use(option);
        break;
      }
      use(option);
    }
  }
}

}  // namespace gyr::filter
