#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/utf8.hpp"
#include "filter/parser.hpp"

namespace gyr::filter {

namespace {

// ---- explain ----

constexpr size_t window = 100;  // columns of the filter that are shown
constexpr std::string_view indent = "  ";
constexpr std::string_view cut = "...";

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

/// One column of the terminal: a character, or '?' for what is none.
struct Column {
  size_t at;
  std::string_view text;
};

/// The column that `text`, which is not empty, begins with; how many bytes it stands for.
std::pair<std::string_view, size_t> first_column(std::string_view text) {
  const size_t length = std::max<size_t>(utf8_length(text), 1);
  if (printable_utf8_length(text) != 0) return {text.substr(0, length), length};
  return {text[0] == '\t' ? " " : "?", length};
}

size_t count_columns(std::string_view text) {
  size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_column(text).second);
  return count;
}

/// Those around `at`, as many as can be shown.
std::vector<Column> columns_around(std::string_view line, size_t at) {
  constexpr size_t reach = 4 * window;  // a character has at most 4 bytes
  const auto is_inside = [&](size_t i) {
    return i < line.size() && (static_cast<unsigned char>(line[i]) & 0xc0) == 0x80;
  };
  size_t i = at > reach ? at - reach : 0;
  while (i != 0 && i < at && is_inside(i)) ++i;
  std::vector<Column> columns;
  while (i < std::min(line.size(), at + reach)) {
    const auto [text, length] = first_column(line.substr(i));
    columns.push_back({i, text});
    i += length;
  }
  return columns;
}

/// The line and, under it, the caret. A long line is cut to what is around the caret.
std::string show_line(std::string_view line, size_t at) {
  const std::vector<Column> columns = columns_around(line, at);
  const auto behind =
      std::ranges::upper_bound(columns, at, {}, [](const Column& column) { return column.at; });
  const auto passed = static_cast<size_t>(behind - columns.begin());
  const size_t caret = at >= line.size() ? columns.size() : std::max<size_t>(passed, 1) - 1;
  size_t first = caret > window / 2 ? caret - window / 2 : 0;
  first = std::min(first, columns.size() > window ? columns.size() - window : 0);
  const size_t last = std::min(columns.size(), first + window);
  const bool cut_before = !columns.empty() && columns[first].at != 0;
  const bool cut_behind = last != columns.size();

  std::string text(indent);
  if (cut_before) text += cut;
  for (size_t i = first; i < last; ++i) text += columns[i].text;
  if (cut_behind) text += cut;
  const size_t before = indent.size() + (cut_before ? cut.size() : 0) + (caret - first);
  return text + '\n' + std::string(before, ' ') + '^';
}

/// Where the caret goes: an error at the end is shown behind the last thing that is there.
size_t visible_place(std::string_view text, uint64_t offset) {
  const size_t last = text.find_last_not_of(" \t\r\n\b");
  const size_t end = last == std::string_view::npos ? 0 : last + 1;
  return offset >= end ? end : static_cast<size_t>(offset);
}

/// The line that a byte stands in.
struct FoundLine {
  std::string_view line;
  size_t at = 0;  // of the byte, in the line
  size_t number = 1;
};

FoundLine line_of(std::string_view text, size_t at) {
  size_t begin = 0, number = 1;
  for (size_t i = 0; i < at; ++i) {
    if (!is_line_end(text[i])) continue;
    begin = i + 1;
    const bool first_half = text[i] == '\r' && text.substr(begin).starts_with('\n');
    if (!first_half) ++number;
  }
  const auto* end = std::find_if(text.begin() + begin, text.end(), is_line_end);
  return {{text.begin() + begin, end}, at - begin, number};
}

// ---- nearest ----

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// How many letters must be put in, taken out, changed or swapped with the next one to make one
/// word of the other. Upper case counts as lower case.
size_t distance(std::string_view a, std::string_view b) {
  std::array<std::vector<size_t>, 3> rows;  // of the last two letters of a, and of this one
  for (auto& row : rows) row.resize(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) rows[2][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    std::rotate(rows.begin(), rows.begin() + 1, rows.end());
    rows[2][0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      size_t best = std::min({rows[1][j] + 1, rows[2][j - 1] + 1, rows[1][j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1]))
        best = std::min(best, rows[0][j - 2] + 1);
      rows[2][j] = best;
    }
  }
  return rows[2][b.size()];
}

// What is nearer than this is a typing error.
constexpr size_t prefix = 100;
constexpr size_t inside = 200;

/// How far a name is from the mistyped one, none if it is not near. Typing errors come first, then
/// names that go on where the typed one ends, then those that have it in them or are in it.
std::optional<size_t> farness(std::string_view typed, std::string_view name) {
  constexpr size_t shortest_part = 3;
  const size_t most = std::max<size_t>(1, std::min(typed.size(), name.size()) / 3);
  const size_t longer = std::max(typed.size(), name.size());
  const size_t shorter = std::min(typed.size(), name.size());
  if (longer - shorter <= most) {
    if (const size_t typos = distance(typed, name); typos <= most && typos < longer) return typos;
  }
  if (shorter < shortest_part) return std::nullopt;
  const bool ends_early = typed.size() == shorter;
  const std::string_view part = ends_early ? typed : name, whole = ends_early ? name : typed;
  const auto* at = std::search(whole.begin(), whole.end(), part.begin(), part.end(),
                               [](char a, char b) { return lower(a) == lower(b); });
  if (at == whole.end()) return std::nullopt;
  return (at == whole.begin() ? prefix : inside) + std::min(longer - shorter, prefix - 1);
}

}  // namespace

TextPlace find_place(std::string_view text, uint64_t offset) {
  const FoundLine found = line_of(text, visible_place(text, offset));
  return {found.number, count_columns(found.line.substr(0, found.at)) + 1};
}

std::string show_place(std::string_view text, uint64_t offset) {
  const FoundLine found = line_of(text, visible_place(text, offset));
  return show_line(found.line, found.at);
}

std::string explain(std::string_view text, const Error& error) {
  if (!error.offset) return error.message;
  std::string where = fmt::format("byte {}", *error.offset);
  if (text.substr(0, text.find_last_not_of("\r\n") + 1).find_first_of("\r\n") !=
      std::string::npos) {
    const TextPlace place = find_place(text, *error.offset);
    where = fmt::format("line {}, column {}, byte {}", place.line, place.column, *error.offset);
  }
  return fmt::format("{} (at {})\n{}", error.message, where, show_place(text, *error.offset));
}

std::vector<std::string_view> nearest(std::string_view name,
                                      const std::vector<std::string_view>& names) {
  constexpr size_t most = 3;
  std::vector<std::pair<size_t, std::string_view>> near;
  for (const std::string_view candidate : names)
    if (const auto far = farness(name, candidate)) near.emplace_back(*far, candidate);
  std::ranges::stable_sort(near, {}, [](const auto& pair) { return pair.first; });
  std::vector<std::string_view> best;
  for (const auto& [far, candidate] : near) {
    // Beside a likely typing error, guesses are noise.
    if (best.size() == most || (near[0].first < prefix && far > near[0].first)) break;
    if (std::ranges::find(best, candidate) == best.end()) best.push_back(candidate);
  }
  return best;
}

}  // namespace gyr::filter
