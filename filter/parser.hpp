// From the text of a filter to its tree.
//
// Purpose: the filter language, as Falco's rules and sysdig's command line use it: gyr-filter(7).
//
// Contract: an Error's offset is the byte of the filter at which it was noticed; `explain` shows
// the place. Depth is limited (`max_depth`), time and memory are linear in the text. Names are not
// looked up. `strict` is Falco's grammar, its quirks included. By default, also what only sysdig
// 0.29 takes is accepted where it cannot mean anything else: bare values with '=' in them, and with
// ',' outside of lists; any dotted tail of a field's name (`evt.type.is.3`, `k8s.pod.label.a/b`);
// numbers in quotes; `contains"x"` without a blank; and a string may end in an escaped backslash.
//
// Example:
//   auto tree = parse_filter("fd.name contains /etc");
//   if (!tree) report(explain(text, tree.error()));
#pragma once

#include "base/result.hpp"
#include "filter/ast.hpp"

namespace gyr::filter {

/// Of parentheses, and of `and` and `or` in each other; each counted for itself. Falco's parser,
/// which counts to 1000 with five for a parenthesis, ends at 200. Whatever walks a tree recurses: a
/// level takes 2 KB of a thread's stack, and 10 KB with AddressSanitizer.
inline constexpr int max_depth = 400;
/// Of transformers in each other.
inline constexpr int max_calls = 100;

struct ParseOptions {
  bool strict = false;
};

Result<NodePtr> parse_filter(std::string_view text, const ParseOptions& options = {});

/// An operand alone, as it stands behind the '%' of an output format: the longest prefix of `text`
/// that is a field or a transformer. `length` gets the number of bytes taken.
Result<Operand> parse_operand_prefix(std::string_view text, size_t& length);

/// The error, the line of the filter and a caret under the place: three lines, the last one without
/// an end. Only the message if the error has no offset. Safe for a terminal, whatever the filter.
std::string explain(std::string_view text, const Error& error);

/// Where a byte of a text stands, counted from 1; columns are those of a terminal.
struct TextPlace {
  size_t line = 1, column = 1;
};
TextPlace find_place(std::string_view text, uint64_t offset);

/// The line that the byte stands in, and a caret under it: two lines, the last one without an end.
std::string show_place(std::string_view text, uint64_t offset);

/// The names that are nearest to a mistyped one, best first, at most three; none when nothing is
/// near.
std::vector<std::string_view> nearest(std::string_view name,
                                      const std::vector<std::string_view>& names);

}  // namespace gyr::filter
