#include "filter/parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "filter/condition_parser.hpp"
#include "filter/lexer.hpp"
#include "filter/operand_parser.hpp"
#include "filter/wording.hpp"

namespace gyr::filter {

namespace {

/// A part of the tree, and how many `and` and `or` are inside each other in it. That is limited as
/// the parentheses are, for in the canonical text each of them has parentheses.
struct Part {
  NodePtr node;
  int height = 0;
};

/// Recursive descent, one function per level of precedence. Each may begin with blanks, and leaves
/// the cursor behind what it took.
class Parser {
 public:
  Parser(std::string_view text, const ParseOptions& options) : lex_(text, options.strict) {}

  Result<NodePtr> parse();

 private:
  Result<Part> parse_or();
  Result<Part> parse_and();
  Result<Part> parse_not();
  Result<Part> parse_check();
  Result<Part> parse_group();
  Result<Part> parse_compared(Result<Operand> left);
  Result<Part> parse_macro();

  bool take_keyword(std::string_view keyword);
  Result<void> want_operand(std::string_view keyword) const;
  Result<Part> join(Node::Kind kind, size_t begin, std::vector<Part> parts) const;
  Part negate(size_t begin, Part part) const;
  Span span_from(size_t begin) const;
  void forget_last();
  void remember_value(const Check& check);

  tl::unexpected<Error> no_check() const;
  tl::unexpected<Error> unexpected(std::string_view expected) const;
  tl::unexpected<Error> fail_here(std::string message) const {
    return fail(Error{std::move(message), lex_.at()});
  }

  Lexer lex_;
  int depth_ = 0;                // open parentheses
  std::string_view last_value_;  // without quotes, if that is the last thing that was read
  bool behind_macro_ = false;
};

Span Parser::span_from(size_t begin) const {
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(lex_.at() - begin)};
}

Result<NodePtr> Parser::parse() {
  lex_.skip_blanks();
  if (lex_.at_end()) return fail_here("the filter is empty");
  auto whole = parse_or();
  if (!whole) return fail(std::move(whole.error()));
  lex_.skip_blanks();
  if (lex_.peek() == ')') return fail_here("this ')' closes nothing");
  if (!lex_.at_end()) return unexpected("'and', 'or' or the end of the filter");
  return std::move(whole->node);
}

// ---- and, or, not ----

/// Blanks, then the keyword, which a blank or a parenthesis must follow; the cursor stays if it is
/// not there.
bool Parser::take_keyword(std::string_view keyword) {
  const size_t before = lex_.at();
  lex_.skip_blanks();
  if (lex_.word() == keyword) {
    lex_.take(keyword);
    return true;
  }
  lex_.rewind(before);
  return false;
}

Result<void> Parser::want_operand(std::string_view keyword) const {
  if (lex_.at_blank() || lex_.peek() == '(') return {};
  if (lex_.at_end() || lex_.peek() == ')')
    return fail_here(
        fmt::format("a check must follow '{}', found {}", keyword, found(lex_.rest())));
  return fail_here(
      fmt::format("expected a blank or '(' after '{}', found {}", keyword, found(lex_.rest())));
}

Result<Part> Parser::join(Node::Kind kind, size_t begin, std::vector<Part> parts) const {
  if (parts.size() == 1) return std::move(parts.front());
  Part joined{std::make_unique<Node>(), 0};
  joined.node->kind = kind;
  joined.node->span = span_from(begin);
  for (Part& part : parts) {
    joined.height = std::max(joined.height, part.height + 1);
    joined.node->children.push_back(std::move(part.node));
  }
  if (joined.height > max_depth)
    return fail(Error{
        fmt::format("more than {} levels of 'and' and 'or' inside each other", max_depth), begin});
  return joined;
}

Result<Part> Parser::parse_or() {
  lex_.skip_blanks();
  const size_t begin = lex_.at();
  std::vector<Part> parts;
  for (bool glued = false;;) {
    // In Falco a parenthesis glued to 'or' is the whole operand.
    auto next = glued && lex_.strict() ? parse_group() : parse_and();
    if (!next) return next;
    parts.push_back(std::move(*next));
    if (glued && lex_.strict() && take_keyword("and"))
      return fail_here("'and' cannot follow 'or(...)'; write a blank between 'or' and '('");
    if (!take_keyword("or")) break;
    if (auto wanted = want_operand("or"); !wanted) return fail(std::move(wanted.error()));
    glued = lex_.peek() == '(';
  }
  return join(Node::Kind::disjunction, begin, std::move(parts));
}

Result<Part> Parser::parse_and() {
  lex_.skip_blanks();
  const size_t begin = lex_.at();
  std::vector<Part> parts;
  do {
    if (!parts.empty()) {
      if (auto wanted = want_operand("and"); !wanted) return fail(std::move(wanted.error()));
    }
    auto next = parse_not();
    if (!next) return next;
    parts.push_back(std::move(*next));
  } while (take_keyword("and"));
  return join(Node::Kind::conjunction, begin, std::move(parts));
}

/// `not not x` is x.
Part Parser::negate(size_t begin, Part part) const {
  if (part.node->kind == Node::Kind::negation) {
    part.node = std::move(part.node->children.front());
    return part;
  }
  auto node = std::make_unique<Node>();
  node->kind = Node::Kind::negation;
  node->span = span_from(begin);
  node->children.push_back(std::move(part.node));
  return {std::move(node), part.height};
}

Result<Part> Parser::parse_not() {
  lex_.skip_blanks();
  const size_t begin = lex_.at();
  bool negated = false;
  while (take_keyword("not")) {
    if (auto wanted = want_operand("not"); !wanted) return fail(std::move(wanted.error()));
    negated = !negated;
  }
  auto part = parse_check();
  if (!part || !negated) return part;
  return negate(begin, std::move(*part));
}

// ---- checks ----

Result<Part> Parser::parse_check() {
  lex_.skip_blanks();
  forget_last();
  if (lex_.peek() == '(') return parse_group();
  if (at_call(lex_)) return parse_compared(parse_transformer(lex_));
  if (!lex_.field_name().empty()) return parse_compared(parse_field(lex_));
  if (!lex_.word().empty()) return parse_macro();
  return no_check();
}

Result<Part> Parser::parse_group() {
  const size_t open = lex_.at();
  if (depth_ == max_depth)
    return fail_here(fmt::format("more than {} parentheses inside each other", max_depth));
  lex_.take('(');
  ++depth_;
  auto inner = parse_or();
  if (!inner) return inner;
  --depth_;
  lex_.skip_blanks();
  if (lex_.at_end())
    return fail_here(fmt::format("the parenthesis opened at byte {} is never closed", open));
  if (!lex_.take(')'))
    return unexpected(
        fmt::format("'and', 'or' or the ')' for the parenthesis opened at byte {}", open));
  forget_last();
  return inner;
}

void Parser::forget_last() {
  last_value_ = {};
  behind_macro_ = false;
}

/// Unless the check ends in a parenthesis or a quote.
void Parser::remember_value(const Check& check) {
  if (check.values.empty() || check.values.back().quoted) return;
  const Span span = check.values.back().span;
  if (span.at + span.length == lex_.at()) last_value_ = lex_.since(span.at);
}

Result<Part> Parser::parse_compared(Result<Operand> left) {
  if (!left) return fail(std::move(left.error()));
  Part part{std::make_unique<Node>(), 0};
  Check& check = part.node->check;
  check.left = std::move(*left);
  if (auto done = parse_condition(lex_, check); !done) return fail(std::move(done.error()));
  part.node->span = span_from(check.left.span.at);
  remember_value(check);
  return part;
}

Result<Part> Parser::parse_macro() {
  const size_t begin = lex_.at();
  const std::string_view name = lex_.word();
  if (name == "and" || name == "or" || !advice_on_logic(name).empty()) return no_check();
  lex_.take(name);
  const Span span = span_from(begin);
  lex_.skip_blanks();
  if (at_operator(lex_))
    return fail(
        Error{fmt::format("{} is not a field: a field's name has a dot in it, as in proc.name",
                          shown(name)),
              begin});
  lex_.rewind(begin);
  lex_.take(name);
  Part part{std::make_unique<Node>(), 0};
  part.node->kind = Node::Kind::macro;
  part.node->name = name;
  part.node->span = span;
  behind_macro_ = true;
  return part;
}

// ---- what is wrong ----

tl::unexpected<Error> Parser::no_check() const {
  return fail_here(fmt::format("expected a check such as proc.name = x, a macro or '(', found {}{}",
                               found(lex_.rest()), advice_on_logic(lex_.rest())));
}

/// Behind a whole check stands something that cannot follow one.
tl::unexpected<Error> Parser::unexpected(std::string_view expected) const {
  std::string message = fmt::format("expected {}, found {}", expected, found(lex_.rest()));
  std::string advice = advice_on_logic(lex_.rest());
  for (const std::string_view sign : {"&&", "||"})
    if (last_value_.find(sign) != std::string_view::npos) advice = advice_on_logic(sign);
  if (!advice.empty())
    message += advice;
  else if (last_value_ == "~")
    message += "; to match a regular expression write 'regex'";
  else if (!last_value_.empty() && (lex_.peek() == ',' || last_value_.back() == ','))
    message += "; several values are written as in (a, b)";
  else if (!last_value_.empty())
    message += "; a value with blanks, quotes or parentheses in it needs quotes around it";
  else if (behind_macro_ && lex_.peek() == '(')
    message += "; no blank may stand before the '(' of a transformer";
  return fail_here(std::move(message));
}

}  // namespace

Result<NodePtr> parse_filter(std::string_view text, const ParseOptions& options) {
  if (text.size() > std::numeric_limits<uint32_t>::max()) return fail("the filter is too long");
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos)
    return fail(Error{"a filter cannot have a NUL byte in it", nul});
  return Parser(text, options).parse();
}

}  // namespace gyr::filter
