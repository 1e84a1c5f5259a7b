// A filter.
//
// Checked beyond memory and undefined behaviour: the canonical text of a filter parses, and to
// itself; what Falco takes means the same by default; errors and spans lie inside of the text; what
// is shown of it has no control character.
#include <algorithm>
#include <string>

#include "filter/parser.hpp"
#include "tests/fuzz/check.hpp"

namespace gyr::fuzz {

namespace {

using namespace gyr::filter;

void check_error(std::string_view text, const Error& error) {
  check(error.offset && *error.offset <= text.size(), "an error outside of the filter");
  const std::string shown = explain(text, error);
  check(std::ranges::count(shown, '\n') == 2, "an error is not shown in three lines");
  check(std::ranges::none_of(shown,
                             [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }),
        "a control character is shown");
}

bool is_inside(Span inner, Span outer) {
  return inner.at >= outer.at && inner.at + inner.length <= outer.at + outer.length;
}

void check_spans(const Node& node, Span outer) {
  check(node.span.length != 0 && is_inside(node.span, outer), "a node outside of its parent");
  for (const NodePtr& child : node.children) check_spans(*child, node.span);
  if (node.kind != Node::Kind::check) return;
  const Check& c = node.check;
  check(is_inside(c.left.span, node.span) && is_inside(c.op_span, node.span), "an outside operand");
  for (const Literal& value : c.values) check(is_inside(value.span, node.span), "an outside value");
  if (c.right) check(is_inside(c.right->span, node.span), "an outside right-hand side");
}

/// The canonical text; empty if the filter is wrong.
std::string canonical(std::string_view text, bool strict) {
  const auto tree = parse_filter(text, {strict});
  if (!tree) {
    check_error(text, tree.error());
    return {};
  }
  check_spans(**tree, {0, static_cast<uint32_t>(text.size())});
  std::string dumped = dump(**tree);
  const auto again = parse_filter(dumped);
  check(again.has_value(), "the canonical text does not parse");
  check(dump(**again) == dumped, "the canonical text means something else");
  return dumped;
}

void check_prefix(std::string_view text) {
  size_t length = 0;
  const auto operand = parse_operand_prefix(text, length);
  if (!operand) return check_error(text, operand.error());
  check(length <= text.size() && operand->span.length == length, "an operand longer than the text");
  const std::string dumped = dump(*operand);
  size_t again_length = 0;
  const auto again = parse_operand_prefix(dumped, again_length);
  check(again && again_length == dumped.size() && dump(*again) == dumped,
        "the canonical text of an operand means something else");
}

void run(std::string_view text) {
  const std::string falco = canonical(text, true);
  const std::string by_default = canonical(text, false);
  // Behind an escaped backslash the two see the end of a string in different places.
  if (!falco.empty() && text.find("\\\\") == std::string_view::npos)
    check(falco == by_default, "what Falco takes means something else by default");
  check_prefix(text);
}

}  // namespace

}  // namespace gyr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  gyr::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
