#include "filter/condition_parser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "filter/operand_parser.hpp"
#include "filter/wording.hpp"

namespace gyr::filter {

namespace {

/// What the grammar lets stand behind an operator.
enum class Right : uint8_t { nothing, number, value, list };

Right right_of(Op op) {
  switch (op) {
    case Op::exists:
      return Right::nothing;
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
      return Right::number;
    case Op::in:
    case Op::intersects:
    case Op::pmatch:
      return Right::list;
    default:
      return Right::value;
  }
}

std::optional<Op> op_of(std::string_view word) {
  if (word == "==") return Op::eq;
  for (size_t i = 0; i < op_count; ++i)
    if (op_name(static_cast<Op>(i)) == word) return static_cast<Op>(i);
  return std::nullopt;
}

std::optional<Modifier> modifier_of(std::string_view word) {
  for (const Modifier m : {Modifier::oneof, Modifier::anyof, Modifier::allof})
    if (modifier_name(m) == word) return m;
  return std::nullopt;
}

bool is_logic(std::string_view word) { return word == "and" || word == "or" || word == "not"; }

bool at_quote(const Lexer& lex) { return lex.peek() == '"' || lex.peek() == '\''; }

/// The operator at the cursor: a sign or a word.
std::string_view operator_text(const Lexer& lex) {
  const std::string_view sign = lex.sign();
  return sign.empty() ? lex.word() : sign;
}

/// Signs that begin as one of ours does, but never mean it. (`=~x` may: the value ~x.)
bool is_foreign_sign(std::string_view rest) {
  return rest.starts_with("<>") || rest.starts_with("===") || rest.starts_with("!==");
}

std::vector<std::string_view> operator_names() {
  std::vector<std::string_view> names;
  for (size_t i = 0; i < op_count; ++i) names.push_back(op_name(static_cast<Op>(i)));
  return names;
}

class ConditionParser {
 public:
  ConditionParser(Lexer& lex, Check& check) : lex_(lex), check_(check) {}

  Result<void> parse();

 private:
  Result<void> parse_operator();
  Result<void> parse_number();
  Result<void> parse_value();
  Result<void> parse_list_operand();
  Result<bool> parse_operand_on_right();
  Result<bool> parse_modifier(bool behind_blank);
  Result<void> parse_list_or_name();
  Result<void> parse_list();
  Result<void> parse_list_value(size_t open);
  Result<void> take_literal(std::string_view bare);

  tl::unexpected<Error> unknown_operator() const;
  tl::unexpected<Error> no_number() const;
  tl::unexpected<Error> no_value() const;
  tl::unexpected<Error> no_list() const;
  tl::unexpected<Error> unclosed_list(size_t open) const {
    return fail_here(fmt::format("the list opened at byte {} is never closed", open));
  }
  bool value_is_missing() const;
  bool is_forgotten(std::string_view word) const;
  std::string_view op() const { return op_name(check_.op); }
  tl::unexpected<Error> fail_here(std::string message) const {
    return fail(Error{std::move(message), lex_.at()});
  }

  Lexer& lex_;
  Check& check_;
};

Result<void> ConditionParser::parse() {
  lex_.skip_blanks();
  if (auto done = parse_operator(); !done) return done;
  switch (right_of(check_.op)) {
    case Right::nothing:
      return {};
    case Right::number:
      return parse_number();
    case Right::value:
      return parse_value();
    case Right::list:
      return parse_list_operand();
  }
  return {};
}

// ---- the operator ----

Result<void> ConditionParser::parse_operator() {
  const std::string_view text = operator_text(lex_);
  const std::optional<Op> op = op_of(text);
  if (!op || is_foreign_sign(lex_.rest())) return unknown_operator();
  check_.op = *op;
  check_.op_span = {static_cast<uint32_t>(lex_.at()), static_cast<uint32_t>(text.size())};
  const bool is_word = lex_.sign().empty();
  lex_.take(text);
  const bool needs_blank = lex_.strict() && is_word && right_of(*op) == Right::value;
  if (needs_blank && !lex_.at_blank() && !lex_.at_end())
    return fail_here(
        fmt::format("a blank must follow {}, found {}", shown(text), found(lex_.rest())));
  return {};
}

tl::unexpected<Error> ConditionParser::unknown_operator() const {
  const std::string_view rest = lex_.rest();
  const std::string_view word = lex_.word();
  if (word == "not" || (rest.starts_with("!") && rest.size() > 1 && !Lexer::is_blank(rest[1]) &&
                        !rest.starts_with("!=")))
    return fail_here(fmt::format("negation stands in front: not {} ...", dump(check_.left)));
  std::string advice = advice_on_operator(rest);
  if (advice.empty() && !is_logic(word)) advice = did_you_mean(word, operator_names());
  if (!advice.empty()) return fail_here(fmt::format("unknown operator {}{}", found(rest), advice));
  std::string message =
      fmt::format("expected an operator after {}, such as =, contains, in or exists, found {}",
                  shown(check_.left.name), found(rest));
  if (lex_.strict() && !rest.empty() && std::string_view("./-").find(rest[0]) != std::string::npos)
    message += "; each part of a field's name begins with a letter and has no '/' or '-' in it";
  return fail_here(std::move(message));
}

// ---- the right-hand side ----

/// val(field) or a transformer: whether there was one.
Result<bool> ConditionParser::parse_operand_on_right() {
  if (!at_call(lex_)) return false;
  // `= anyof(a, b)`: the missing blank is what is wrong.
  if (modifier_of(lex_.word()) && right_of(check_.op) == Right::value)
    return fail_here(
        fmt::format("a blank must stand before and behind {0}: {1} {0} (...)", lex_.word(), op()));
  check_.right_is_val = at_val(lex_);
  auto operand = check_.right_is_val ? parse_val(lex_) : parse_transformer(lex_);
  if (!operand) return fail(std::move(operand.error()));
  check_.right = std::move(*operand);
  return true;
}

/// The string in quotes at the cursor, or `bare`, which stands there.
Result<void> ConditionParser::take_literal(std::string_view bare) {
  const size_t begin = lex_.at();
  Literal literal;
  literal.quoted = at_quote(lex_);
  if (literal.quoted) {
    auto text = lex_.quoted(Nul::allowed);
    if (!text) return fail(std::move(text.error()));
    literal.text = std::move(*text);
  } else {
    literal.text = bare;
    lex_.take(bare);
  }
  literal.span = {static_cast<uint32_t>(begin), static_cast<uint32_t>(lex_.at() - begin)};
  check_.values.push_back(std::move(literal));
  return {};
}

Result<void> ConditionParser::parse_number() {
  lex_.skip_blanks();
  if (auto operand = parse_operand_on_right(); !operand || *operand)
    return operand.map([](bool) {});
  if (at_quote(lex_) && !lex_.strict()) {
    const size_t begin = lex_.at();
    auto done = take_literal({});
    if (!done || is_number(check_.values.back().text)) return done;
    lex_.rewind(begin);
    return no_number();
  }
  const std::string_view number = lex_.number();
  const std::string_view bare = lex_.bare(true);
  // Only a keyword may be glued to the number.
  const std::string_view tail = bare.substr(std::min(number.size(), bare.size()));
  if (number.empty() || !(tail.empty() || is_logic(tail) || !advice_on_logic(tail).empty()))
    return no_number();
  return take_literal(number);
}

Result<void> ConditionParser::parse_value() {
  const bool behind_blank = lex_.skip_blanks();
  if (auto operand = parse_operand_on_right(); !operand || *operand)
    return operand.map([](bool) {});
  if (auto modifier = parse_modifier(behind_blank); !modifier || *modifier)
    return modifier.map([](bool) {});
  const std::string_view bare = lex_.bare(false);
  if ((bare.empty() && !at_quote(lex_)) || is_forgotten(bare)) return no_value();
  const bool is_extended = bare.find_first_of("=,") != std::string_view::npos;
  for (const std::string_view sign : {"&&", "||"}) {
    if (const size_t at = bare.find(sign); is_extended && at != std::string_view::npos) {
      lex_.take(bare.substr(0, at));
      return fail_here(fmt::format("found {} inside a value{}, or the value in quotes", shown(sign),
                                   advice_on_logic(sign)));
    }
  }
  return take_literal(bare);
}

/// Whether a modifier was there, with its list.
Result<bool> ConditionParser::parse_modifier(bool behind_blank) {
  const size_t begin = lex_.at();
  const std::string_view word = lex_.word();
  const std::optional<Modifier> modifier = modifier_of(word);
  if (!modifier || lex_.bare(true) != word) return false;
  lex_.take(word);
  const bool before_blank = lex_.skip_blanks();
  const bool has_list = lex_.peek() == '(' || (!lex_.word().empty() && !is_logic(lex_.word()));
  if (!has_list || !before_blank || !behind_blank) {
    lex_.rewind(begin);
    if (!has_list) return false;  // an ordinary value
    return fail_here(
        fmt::format("a blank must stand before and behind {0}: {1} {0} (...)", word, op()));
  }
  check_.modifier = *modifier;
  auto done = parse_list_or_name();
  if (!done) return fail(std::move(done.error()));
  return true;
}

Result<void> ConditionParser::parse_list_operand() {
  lex_.skip_blanks();
  if (lex_.peek() == '(') return parse_list();
  if (auto operand = parse_operand_on_right(); !operand || *operand)
    return operand.map([](bool) {});
  return parse_list_or_name();
}

/// A name without parentheses is the list of that name, or the list with that name in it.
Result<void> ConditionParser::parse_list_or_name() {
  if (lex_.peek() == '(') return parse_list();
  const std::string_view word = lex_.word();
  if (word.empty() || is_logic(word) || lex_.bare(true) != word) return no_list();
  check_.is_list = true;
  return take_literal(word);
}

Result<void> ConditionParser::parse_list() {
  const size_t open = lex_.at();
  check_.is_list = true;
  lex_.take('(');
  lex_.skip_blanks();
  if (lex_.take(')')) return {};
  for (;;) {
    if (auto done = parse_list_value(open); !done) return done;
    lex_.skip_blanks();
    if (lex_.take(')')) return {};
    if (lex_.at_end()) return unclosed_list(open);
    if (!lex_.take(','))
      return fail_here(
          fmt::format("expected ',' or the ')' for the list opened at byte {}, found {}", open,
                      found(lex_.rest())));
    lex_.skip_blanks();
  }
}

Result<void> ConditionParser::parse_list_value(size_t open) {
  const std::string_view bare = lex_.bare(true);
  if (!bare.empty() || at_quote(lex_)) return take_literal(bare);
  if (lex_.at_end()) return unclosed_list(open);
  return fail_here(fmt::format("expected a value in the list opened at byte {}, found {}", open,
                               found(lex_.rest())));
}

// ---- what is wrong with it ----

/// Whether there is nothing where a value should be: the end, or what comes after a value.
bool ConditionParser::value_is_missing() const {
  return lex_.at_end() || lex_.peek() == ')' || is_logic(lex_.word());
}

/// `proc.name = and evt.type = open`: a word of the language that is not meant as a value, for it
/// does not stand where a value is followed by another check.
bool ConditionParser::is_forgotten(std::string_view word) const {
  if (!is_logic(word)) return false;
  Lexer after = lex_;
  after.take(word);
  after.skip_blanks();
  return !after.at_end() && after.peek() != ')' && after.word() != "and" && after.word() != "or";
}

tl::unexpected<Error> ConditionParser::no_number() const {
  if (value_is_missing())
    return fail_here(fmt::format("a number must follow '{}', found {}", op(), found(lex_.rest())));
  std::string message;
  const std::string_view field = lex_.field_name();
  const std::string_view bare = lex_.bare(true);
  if (!lex_.number().empty())
    message = fmt::format("{} is not a number", shown(bare));
  else
    message = fmt::format("'{}' takes a number, found {}", op(), found(lex_.rest()));
  if (at_quote(lex_) && lex_.strict()) message += "; write it without quotes";
  if (!field.empty()) message += fmt::format("; a field is compared as val({})", field);
  return fail_here(std::move(message));
}

tl::unexpected<Error> ConditionParser::no_value() const {
  if (lex_.peek() == '(') {
    const std::string_view instead = check_.op == Op::eq ? "in" : "anyof";
    return fail_here(fmt::format("'{}' takes one value; with several write: {}{} (...)", op(),
                                 instead == "in" ? "" : fmt::format("{} ", op()), instead));
  }
  return fail_here(fmt::format("a value must follow '{}', found {}", op(), found(lex_.rest())));
}

tl::unexpected<Error> ConditionParser::no_list() const {
  const std::string_view word =
      check_.modifier == Modifier::none ? op() : modifier_name(check_.modifier);
  if (value_is_missing())
    return fail_here(fmt::format("a list must follow '{}', found {}", word, found(lex_.rest())));
  return fail_here(
      fmt::format("'{0}' takes a list: {0} (...), found {1}", word, found(lex_.rest())));
}

}  // namespace

bool at_operator(const Lexer& lex) { return op_of(operator_text(lex)).has_value(); }

Result<void> parse_condition(Lexer& lex, Check& check) {
  return ConditionParser(lex, check).parse();
}

}  // namespace gyr::filter
