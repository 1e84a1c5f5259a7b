// What a filter says, as a tree.
//
// Purpose: the form between the parser and the compiler. It knows nothing of fields or types: names
// are text, and every node remembers where it stands in the filter, for error messages.
//
// Contract: a plain tree of values, owned from the top. `and`/`or` nodes have at least two
// children, `not` has one, which is not a `not`. Offsets count bytes in the text that was parsed.
// `dump` prints the canonical form; parsing it again gives an equal tree (but for offsets and
// `quoted`: quotes are printed where the value needs them).
//
// Example:
//   auto tree = parse_filter("evt.type=openat and not proc.name in (ls, cat)");
//   dump(**tree);   // (evt.type = openat and not proc.name in (ls, cat))
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gyr::filter {

enum class Op : uint8_t {
  exists,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  contains,
  icontains,
  bcontains,
  startswith,
  bstartswith,
  endswith,
  glob,
  iglob,
  regex,
  pmatch,
  in,
  intersects,
};

inline constexpr size_t op_count = static_cast<size_t>(Op::intersects) + 1;

/// The word for an operator; `=` for both of its spellings.
std::string_view op_name(Op op);

/// `X op oneof (a, b)`: what holds for each value taken together.
enum class Modifier : uint8_t { none, oneof, anyof, allof };

std::string_view modifier_name(Modifier modifier);

/// Where something stands in the filter, in bytes.
struct Span {
  uint32_t at = 0;
  uint32_t length = 0;
};

/// What a check compares: a field, a transformer of operands, or (inside a transformer only) a
/// constant or a list.
struct Operand {
  enum class Kind : uint8_t { field, transformer, text, number, list };

  Kind kind = Kind::field;
  std::string name;                // field or transformer; text or number as written, unescaped
  std::optional<std::string> arg;  // what stands in [brackets] behind it
  std::vector<Operand> operands;   // of a transformer or a list
  Span span;
};

/// A constant on the right-hand side, escapes resolved.
struct Literal {
  std::string text;
  bool quoted = false;
  Span span;
};

/// One comparison. The right-hand side is none (exists), `values`, or another operand: that of
/// val(), or a transformer.
struct Check {
  Operand left;
  Op op = Op::exists;
  Modifier modifier = Modifier::none;
  std::vector<Literal> values;  // one, unless `is_list`
  bool is_list = false;
  std::optional<Operand> right;
  bool right_is_val = false;  // written as val(field)
  Span op_span;
};

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
  enum class Kind : uint8_t { conjunction, disjunction, negation, check, macro };

  Kind kind = Kind::check;
  std::vector<NodePtr> children;  // of and, or, not
  Check check;
  std::string name;  // of a macro
  /// The macros that this was put in for, the outermost first ("not m": it is what m negates).
  /// Only for people: it changes nothing.
  std::vector<std::string> macros;
  Span span;
};

/// The canonical text.
std::string dump(const Node& node);
std::string dump(const Operand& operand);

}  // namespace gyr::filter
