#include "filter/lexer.hpp"

#include <fmt/format.h>

#include "filter/wording.hpp"

namespace gyr::filter {

namespace {

// Not <cctype>: the language is ASCII in every locale.
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
bool is_tail(char c) { return is_word(c) || c == '/' || c == '-'; }

template <class Is>
size_t run(std::string_view text, size_t from, Is is) {
  size_t end = from;
  while (end < text.size() && is(text[end])) ++end;
  return end;
}

size_t end_of_word(std::string_view text, size_t from) {
  return from < text.size() && is_letter(text[from]) ? run(text, from, is_word) : from;
}

/// The NUL byte ends everything.
bool is_bare(char c) {
  return !Lexer::is_blank(c) && c != '(' && c != ')' && c != '"' && c != '\'' && c != '\0';
}

bool is_bare_argument(char c) {
  return !Lexer::is_blank(c) && c != '[' && c != ']' && c != '"' && c != '\'' && c != '\0';
}

size_t end_of_hex(std::string_view text) {
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) return 0;
  const size_t end = run(text, 2, is_hex);
  return end == 2 ? 0 : end;
}

size_t end_of_decimal(std::string_view text) {
  const size_t sign = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  size_t end = run(text, sign, is_digit);
  if (end == sign) return 0;
  if (end < text.size() && text[end] == '.') end = run(text, end + 1, is_digit);
  if (end + 2 < text.size() && (text[end] == 'e' || text[end] == 'E') &&
      (text[end + 1] == '+' || text[end + 1] == '-') && is_digit(text[end + 2]))
    end = run(text, end + 2, is_digit);
  return end;
}

}  // namespace

bool Lexer::is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\b';
}

bool Lexer::take(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool Lexer::skip_blanks() {
  const size_t before = at_;
  at_ = run(text_, at_, is_blank);
  return at_ != before;
}

std::string_view Lexer::word() const { return text_.substr(at_, end_of_word(text_, at_) - at_); }

std::string_view Lexer::field_name() const {
  size_t end = end_of_word(text_, at_);
  if (end == at_) return {};
  bool dotted = false;
  while (end < text_.size() && text_[end] == '.') {
    const size_t part = strict_ ? end_of_word(text_, end + 1) : run(text_, end + 1, is_tail);
    if (part == end + 1) break;
    end = part;
    dotted = true;
  }
  return dotted ? text_.substr(at_, end - at_) : std::string_view{};
}

std::string_view Lexer::number() const {
  const size_t hex = end_of_hex(rest());
  return rest().substr(0, hex != 0 ? hex : end_of_decimal(rest()));
}

std::string_view Lexer::sign() const {
  for (const std::string_view sign : {"<=", "<", ">=", ">", "==", "=", "!="})
    if (rest().starts_with(sign)) return rest().substr(0, sign.size());
  return {};
}

std::string_view Lexer::bare(bool in_list) const {
  // A value that begins with '=' is a mistyped operator, with ',' a list without parentheses.
  if (peek() == '=' || peek() == ',') return {};
  const size_t end = run(text_, at_, [&](char c) {
    if (c == ',') return !in_list && !strict_;
    if (c == '=') return !strict_;
    return is_bare(c);
  });
  return text_.substr(at_, end - at_);
}

// ---- quotes ----

/// Where the string at the cursor is closed; npos if it is not.
size_t Lexer::end_of_quoted() const {
  if (strict_) return end_of_quoted_strict();
  for (size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '\\')
      ++i;
    else if (text_[i] == text_[at_])
      return i;
  }
  return std::string_view::npos;
}

/// In Falco a backslash keeps the quote behind it open, even a backslash that is itself escaped.
size_t Lexer::end_of_quoted_strict() const {
  size_t end = at_;
  do {
    end = text_.find(text_[at_], end + 1);
  } while (end != std::string_view::npos && text_[end - 1] == '\\');
  return end;
}

Error Lexer::unclosed_quote() const {
  std::string message = fmt::format("the quote {} opened at byte {} is never closed", peek(), at_);
  if (strict_ && Lexer(rest(), false).end_of_quoted() != std::string_view::npos)
    message += "; a backslash before the closing quote keeps it open, even an escaped one";
  return {std::move(message), at_};
}

Result<std::string> Lexer::quoted(Nul nul) {
  const size_t end = end_of_quoted();
  if (end == std::string_view::npos) return fail(unclosed_quote());
  const size_t begin = at_ + 1;
  auto text = unescape(text_.substr(begin, end - begin), text_[at_], begin, nul);
  if (text) at_ = end + 1;
  return text;
}

Result<std::optional<std::string>> Lexer::argument() {
  const size_t open = at_;
  if (!take('[')) return std::nullopt;
  std::string argument;
  if (peek() == '"' || peek() == '\'') {
    auto text = quoted();
    if (!text) return fail(std::move(text.error()));
    argument = std::move(*text);
  } else {
    const std::string_view text = text_.substr(at_, run(text_, at_, is_bare_argument) - at_);
    if (text.empty())
      return fail(
          Error{fmt::format("an argument must stand between the brackets, found {}", found(rest())),
                at_});
    take(text);
    argument = text;
  }
  if (!take(']')) {
    std::string message = fmt::format("expected ']' for the bracket opened at byte {}, found {}",
                                      open, found(rest()));
    if (at_blank()) message += "; an argument with blanks in it needs quotes";
    return fail(Error{std::move(message), at_});
  }
  return argument;
}

bool is_number(std::string_view text) {
  return !text.empty() && Lexer(text, true).number().size() == text.size();
}

}  // namespace gyr::filter
