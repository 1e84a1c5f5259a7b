#include "filter/operand_parser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "filter/parser.hpp"
#include "filter/wording.hpp"

namespace gyr::filter {

namespace {

const std::vector<std::string_view>& transformer_names() {
  static const std::vector<std::string_view> names = {"tolower", "toupper", "b64",    "basename",
                                                      "len",     "join",    "concat", "getopt"};
  return names;
}

Operand named(Operand::Kind kind, std::string_view name) {
  Operand operand;
  operand.kind = kind;
  operand.name = name;
  return operand;
}

Span span_from(size_t begin, const Lexer& lex) {
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(lex.at() - begin)};
}

/// The argument in brackets, if there is one, becomes that of the operand.
Result<void> take_argument(Lexer& lex, Operand& operand) {
  const size_t at = lex.at();
  auto argument = lex.argument();
  if (!argument) return fail(std::move(argument.error()));
  if (*argument && operand.arg)
    return fail(Error{fmt::format("{} has an argument already", shown(operand.name)), at});
  if (*argument) operand.arg = std::move(*argument);
  return {};
}

Result<Operand> parse_number(Lexer& lex) {
  const size_t begin = lex.at();
  Operand number = named(Operand::Kind::number, lex.number());
  lex.take(number.name);
  number.span = span_from(begin, lex);
  return number;
}

Result<Operand> parse_text(Lexer& lex) {
  const size_t begin = lex.at();
  auto text = lex.quoted();
  if (!text) return fail(std::move(text.error()));
  Operand operand = named(Operand::Kind::text, *text);
  operand.span = span_from(begin, lex);
  return operand;
}

bool at_quote(const Lexer& lex) { return lex.peek() == '"' || lex.peek() == '\''; }

Result<Operand> call(Lexer& lex, int depth);

Result<Operand> list(Lexer& lex, int depth);

/// What stands between two commas: of a call, or of a list in a call.
Result<Operand> element(Lexer& lex, int depth, bool in_list) {
  if (!lex.number().empty()) return parse_number(lex);
  if (at_quote(lex)) return parse_text(lex);
  if (lex.peek() == '(' && !in_list) return list(lex, depth);
  if (at_call(lex)) return call(lex, depth);
  if (!lex.field_name().empty()) return parse_field(lex);
  std::string message =
      fmt::format("expected a field, a transformer, a number{} or a string in quotes, found {}",
                  in_list ? "" : ", a list", found(lex.rest()));
  return fail(Error{std::move(message), lex.at()});
}

Error unclosed(std::string_view expected, size_t open, const Lexer& lex) {
  if (lex.at_end())
    return {fmt::format("the parenthesis opened at byte {} is never closed", open), lex.at()};
  return {fmt::format("expected {} for the parenthesis opened at byte {}, found {}", expected, open,
                      found(lex.rest())),
          lex.at()};
}

/// From behind the opening parenthesis to behind the closing one.
Result<void> elements(Lexer& lex, int depth, bool in_list, size_t open,
                      std::vector<Operand>& operands) {
  for (;;) {
    lex.skip_blanks();
    auto next = element(lex, depth, in_list);
    if (!next) return fail(std::move(next.error()));
    operands.push_back(std::move(*next));
    lex.skip_blanks();
    if (lex.take(')')) return {};
    if (!lex.take(',')) return fail(unclosed("',' or the ')'", open, lex));
  }
}

Result<Operand> list(Lexer& lex, int depth) {
  const size_t begin = lex.at();
  Operand operand = named(Operand::Kind::list, {});
  lex.take('(');
  lex.skip_blanks();
  if (!lex.take(')')) {
    if (auto done = elements(lex, depth, true, begin, operand.operands); !done)
      return fail(std::move(done.error()));
  }
  operand.span = span_from(begin, lex);
  return operand;
}

Error unknown_transformer(std::string_view name, size_t at) {
  if (name == "val")
    return {"val() may stand only behind an operator, as in proc.name = val(proc.pname)", at};
  const std::string near = did_you_mean(name, transformer_names());
  return {
      fmt::format("unknown transformer {}{}", shown(name),
                  near.empty() ? fmt::format("; there are {}", fmt::join(transformer_names(), ", "))
                               : near),
      at};
}

Result<Operand> call(Lexer& lex, int depth) {
  const size_t begin = lex.at();
  const std::string_view name = lex.word();
  if (std::ranges::find(transformer_names(), name) == transformer_names().end())
    return fail(unknown_transformer(name, begin));
  if (depth == max_calls)
    return fail(
        Error{fmt::format("more than {} transformers inside each other", max_calls), begin});
  Operand operand = named(Operand::Kind::transformer, name);
  lex.take(name);
  const size_t open = lex.at();
  lex.take('(');
  if (auto done = elements(lex, depth + 1, false, open, operand.operands); !done)
    return fail(std::move(done.error()));
  if (auto done = take_argument(lex, operand); !done) return fail(std::move(done.error()));
  operand.span = span_from(begin, lex);
  return operand;
}

}  // namespace

bool at_call(const Lexer& lex) {
  const size_t length = lex.word().size();
  return length != 0 && length < lex.rest().size() && lex.rest()[length] == '(';
}

bool at_val(const Lexer& lex) { return lex.word() == "val" && at_call(lex); }

Result<Operand> parse_field(Lexer& lex) {
  const size_t begin = lex.at();
  Operand field = named(Operand::Kind::field, lex.field_name());
  lex.take(field.name);
  if (auto done = take_argument(lex, field); !done) return fail(std::move(done.error()));
  field.span = span_from(begin, lex);
  return field;
}

Result<Operand> parse_transformer(Lexer& lex) { return call(lex, 0); }

Result<Operand> parse_val(Lexer& lex) {
  lex.take(lex.word());
  const size_t open = lex.at();
  lex.take('(');
  lex.skip_blanks();
  if (at_call(lex) || lex.field_name().empty())
    return fail(Error{fmt::format("val() takes a field, found {}", found(lex.rest())), lex.at()});
  auto field = parse_field(lex);
  if (!field) return field;
  lex.skip_blanks();
  if (!lex.take(')')) return fail(unclosed("the ')'", open, lex));
  // val(proc.aname)[2] says the same as val(proc.aname[2]).
  if (auto done = take_argument(lex, *field); !done) return fail(std::move(done.error()));
  return field;
}

Result<Operand> parse_operand_prefix(std::string_view text, size_t& length) {
  Lexer lex(text, false);
  auto operand = [&]() -> Result<Operand> {
    if (at_call(lex)) return parse_transformer(lex);
    if (lex.field_name().empty())
      return fail(Error{fmt::format("expected a field, found {}", found(text)), 0});
    auto field = parse_field(lex);
    if (field) return field;
    // What stands in brackets is no argument: it is text.
    lex.rewind(0);
    Operand bare = named(Operand::Kind::field, lex.field_name());
    lex.take(bare.name);
    bare.span = span_from(0, lex);
    return bare;
  }();
  length = lex.at();
  return operand;
}

}  // namespace gyr::filter
