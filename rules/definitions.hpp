// What rule files define: rules, macros, lists, exceptions.
//
// Contract: texts as they were written, joined where something was appended; nothing is expanded
// here. `index` numbers definitions in the order of their first appearance, which is the order of
// evaluation; `visibility` is that of the last change: a macro sees the macros with a smaller
// index.
//
// Example:
//   const Rule* rule = find_by_name(definitions.rules, "Clear Log Activities");
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/traced_text.hpp"

namespace gyr::rules {

/// As syslog counts them: the smaller, the more severe.
enum class Priority : uint8_t {
  emergency,
  alert,
  critical,
  error,
  warning,
  notice,
  informational,
  debug
};

/// "Informational".
std::string_view priority_name(Priority priority);
/// In any case; also "info". False: there is no such priority.
bool parse_priority(std::string_view text, Priority& priority);

struct List {
  TracedText name;
  std::vector<TracedText> items;
  size_t index = 0, visibility = 0;
};

struct Macro {
  TracedText name;
  TracedText condition;
  size_t index = 0, visibility = 0;
};

/// A value of an exception: a text, or a list of them.
struct ExceptionValue {
  TracedText text;
  std::vector<ExceptionValue> items;
  bool is_list = false;
  Place place;
};

struct Exception {
  TracedText name;
  std::vector<TracedText> fields;
  std::vector<TracedText> comps;
  std::vector<ExceptionValue> values;
  bool fields_is_list = false;  // false: one field, whose values are texts
  Place place;
};

struct Rule {
  TracedText name;
  TracedText condition;
  TracedText output;
  TracedText desc;
  Priority priority = Priority::debug;
  std::string source = "syscall";
  std::set<std::string> tags;
  std::vector<Exception> exceptions;
  bool enabled = true;
  bool warn_evttypes = true;
  bool skip_if_unknown_filter = false;
  bool capture = false;
  uint64_t capture_duration = 0;  // ms
  size_t index = 0, visibility = 0;
};

struct Definitions {
  std::vector<List> lists;
  std::vector<Macro> macros;
  std::vector<Rule> rules;
};

template <class T>
const T* find_by_name(const std::vector<T>& all, std::string_view name) {
  for (const T& each : all)
    if (each.name.text() == name) return &each;
  return nullptr;
}
template <class T>
T* find_by_name(std::vector<T>& all, std::string_view name) {
  return const_cast<T*>(find_by_name(static_cast<const std::vector<T>&>(all), name));
}

}  // namespace gyr::rules
