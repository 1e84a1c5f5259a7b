// The text that exceptions add to a condition.
#include <algorithm>

#include "rules/exceptions.hpp"

namespace gyr::rules {

namespace {

bool starts_with_quote(std::string_view text) {
  return text.starts_with('"') || text.starts_with('\'');
}

bool takes_list(std::string_view comp) {
  for (const std::string_view word : {"in", "intersects", "pmatch"})
    if (comp == word) return true;
  return comp.ends_with(" oneof") || comp.ends_with(" anyof") || comp.ends_with(" allof");
}

TracedText trimmed(TracedText text) {
  text.trim();
  return text;
}

/// A text goes in as it is: it may be the name of a list, or "(a, b)".
void append_scalar(TracedText& to, const TracedText& value, bool in_parentheses) {
  const Place place = value.begin();
  const bool open = in_parentheses && !value.text().starts_with('(');
  const bool quote = !in_parentheses && value.text().find(' ') != std::string::npos &&
                     !starts_with_quote(value.text());
  const bool empty = value.empty() && !in_parentheses;
  if (open) to.append('(', place);
  if (quote || empty) to.append('"', place);
  to.append(value);
  if (quote || empty) to.append('"', place);
  if (open) to.append(')', place);
}

void append_list(TracedText& to, const std::vector<ExceptionValue>& items, Place place) {
  to.append('(', place);
  for (const ExceptionValue& item : items) {
    if (&item != &items.front()) to.append(", ", place);
    append_scalar(to, item.text, false);
  }
  to.append(')', place);
}

/// One comparison of a tuple.
void append_comparison(TracedText& to, const Exception& exception, size_t i,
                       const ExceptionValue& value) {
  const TracedText comp = exception.comps.empty() ? TracedText("=", exception.fields[i].begin())
                                                  : trimmed(exception.comps[i]);
  to.append(exception.fields[i]);
  to.append(" ", value.place);
  to.append(comp);
  to.append(" ", value.place);
  if (value.is_list)
    append_list(to, value.items, value.place);
  else
    append_scalar(to, value.text, takes_list(comp.text()));
}

void append_tuples(TracedText& to, const Exception& exception) {
  const Place place = exception.place;
  to.append("(", place);
  for (const ExceptionValue& tuple : exception.values) {
    if (&tuple != &exception.values.front()) to.append(" or ", tuple.place);
    to.append('(', tuple.place);
    for (size_t i = 0; i < tuple.items.size(); ++i) {
      if (i != 0) to.append(" and ", tuple.place);
      append_comparison(to, exception, i, tuple.items[i]);
    }
    to.append(')', tuple.place);
  }
  to.append(")", place);
}

void append_single(TracedText& to, const Exception& exception) {
  const Place place = exception.place;
  to.append('(', place);
  to.append(exception.fields.front());
  to.append(' ', place);
  to.append(exception.comps.empty() ? TracedText("in", place) : trimmed(exception.comps.front()));
  to.append(' ', place);
  append_list(to, exception.values, place);
  to.append(')', place);
}

}  // namespace

TracedText with_exceptions(const TracedText& condition, const std::vector<Exception>& exceptions) {
  if (std::ranges::all_of(exceptions, [](const Exception& e) { return e.values.empty(); }))
    return condition;
  TracedText whole;
  whole.append('(', condition.begin());
  whole.append(condition);
  whole.append(')', condition.place(condition.size()));
  for (const Exception& exception : exceptions) {
    if (exception.values.empty()) continue;
    whole.append(" and not ", exception.place);
    if (exception.fields_is_list)
      append_tuples(whole, exception);
    else
      append_single(whole, exception);
  }
  return whole;
}

}  // namespace gyr::rules
