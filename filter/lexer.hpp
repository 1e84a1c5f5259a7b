// The tokens of the filter language, and a cursor over its text.
//
// Purpose: what a run of characters is depends on where it stands (`in` is an operator, a macro or
// a value), so there is no list of tokens: the parser asks for the one that it can use here.
//
// Contract: the functions that look (`word`, `bare`, …) give what starts at the cursor, empty if
// there is none, and do not move it; the others move it over what they take. Each looks at a byte a
// fixed number of times. Blanks are space, tab, CR, LF and backspace.
//
// Example:
//   Lexer lex("proc.name = ls", false);
//   lex.take(lex.field_name());   // "proc.name"
//   lex.skip_blanks();            // true
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "filter/escapes.hpp"

namespace gyr::filter {

class Lexer {
 public:
  Lexer(std::string_view text, bool strict) : text_(text), strict_(strict) {}

  bool strict() const { return strict_; }
  size_t at() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  /// The byte at the cursor, NUL at the end.
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool at_blank() const { return !at_end() && is_blank(text_[at_]); }
  std::string_view rest() const { return text_.substr(at_); }
  std::string_view since(size_t begin) const { return text_.substr(begin, at_ - begin); }

  void rewind(size_t at) { at_ = at; }
  void take(std::string_view token) { at_ += token.size(); }
  bool take(char c);
  /// Whether there was a blank.
  bool skip_blanks();

  /// A letter, then letters, digits and '_'.
  std::string_view word() const;
  /// Words with dots between them, at least one. Unless strict, digits, '/' and '-' may stand
  /// anywhere behind the first dot, as in k8s.pod.label.app/name and evt.arg.0.
  std::string_view field_name() const;
  /// Hexadecimal, or decimal with sign, fraction and exponent.
  std::string_view number() const;
  /// The operator that is made of signs: `=`, `!=`, `<=`, …
  std::string_view sign() const;
  /// A value without quotes; `,` ends it in a list.
  std::string_view bare(bool in_list) const;

  /// The string in quotes at the cursor, escapes resolved.
  Result<std::string> quoted(Nul nul = Nul::refused);
  /// The argument in brackets, if there is one.
  Result<std::optional<std::string>> argument();

  static bool is_blank(char c);

 private:
  size_t end_of_quoted() const;
  size_t end_of_quoted_strict() const;
  Error unclosed_quote() const;

  std::string_view text_;
  size_t at_ = 0;
  bool strict_;
};

/// Whether the whole text is a number of the language.
bool is_number(std::string_view text);

}  // namespace gyr::filter
