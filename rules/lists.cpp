// Lists in conditions: text that is replaced by text.
#include <algorithm>

#include "rules/expand.hpp"

namespace gyr::rules {

namespace {

/// Lists can name lists, which can double the text each time.
constexpr size_t max_text = 1u << 22;

bool is_delimiter(char c) { return std::string_view(" \t\r\n(),=").find(c) != std::string::npos; }

/// Where the name stands as a word of its own, at `from` or behind.
size_t find_word(std::string_view text, std::string_view name, size_t from) {
  for (size_t at = text.find(name, from); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const size_t end = at + name.size();
    if ((at == 0 || is_delimiter(text[at - 1])) && (end == text.size() || is_delimiter(text[end])))
      return at;
  }
  return std::string_view::npos;
}

bool needs_quotes(std::string_view item) {
  return item.find(' ') != std::string_view::npos && !item.starts_with('"') &&
         !item.starts_with('\'');
}

TracedText joined(const std::vector<const TracedText*>& items) {
  TracedText text;
  for (const TracedText* item : items) {
    const Place place = item->begin();
    if (item != items.front()) text.append(", ", place);
    const bool quotes = needs_quotes(item->text());
    if (quotes) text.append('"', place);
    text.append(*item);
    if (quotes) text.append('"', place);
  }
  return text;
}

/// Takes the comma away that stands before what is left out, or says that the one behind must go.
bool drop_comma_before(TracedText& text) {
  const size_t last = text.text().find_last_not_of(" \t\r\n");
  if (last == std::string::npos || text.text()[last] != ',') return false;
  TracedText shorter;
  shorter.append(text, 0, last);
  text = std::move(shorter);
  return true;
}

size_t behind_comma(std::string_view text, size_t at) {
  const size_t next = text.find_first_not_of(" \t\r\n", at);
  return next != std::string_view::npos && text[next] == ',' ? next + 1 : at;
}

TracedText replaced(const TracedText& text, std::string_view name, const TracedText& items,
                    bool& found) {
  TracedText result;
  size_t from = 0;
  for (size_t at = find_word(text.text(), name, 0); at != std::string::npos;
       at = find_word(text.text(), name, from)) {
    found = true;
    result.append(text, from, at - from);
    from = at + name.size();
    if (items.empty()) {
      if (!drop_comma_before(result)) from = behind_comma(text.text(), from);
      continue;
    }
    result.append(' ', text.place(at));
    result.append(items);
    result.append(' ', text.place(at));
  }
  if (!found) return text;
  result.append(text, from, text.size() - from);
  return result;
}

}  // namespace

/// An item that names an earlier list stands for that list's items, as they were written.
void Expander::resolve_lists() {
  const std::vector<List>& lists = definitions_.lists;
  list_used_.resize(lists.size());
  for (const List& list : lists) {
    std::vector<const TracedText*> items;
    for (const TracedText& item : list.items) {
      const auto named = std::ranges::find_if(
          lists, [&](const List& other) { return other.name.text() == item.text(); });
      if (named == lists.end() || named->index >= list.visibility) {
        items.push_back(&item);
        continue;
      }
      list_used_[static_cast<size_t>(named - lists.begin())] = true;
      for (const TracedText& inner : named->items) items.push_back(&inner);
    }
    list_texts_.push_back(joined(items));
  }
}

TracedText Expander::with_lists(TracedText text) {
  for (size_t i = 0; i < definitions_.lists.size(); ++i) {
    bool found = false;
    const std::string& name = definitions_.lists[i].name.text();
    if (text.text().find(name) == std::string::npos) continue;
    if (text.size() > max_text) {
      findings_.error(Code::validate, text.begin(), "the condition is too long with its lists");
      return text;
    }
    text = replaced(text, name, list_texts_[i], found);
    if (found) list_used_[i] = true;
  }
  return text;
}

}  // namespace gyr::rules
