// Fields and transformers: what a check compares.
//
// Contract: each function wants its operand to begin at the cursor and leaves the cursor behind it.
// Names are not looked up, but for those of transformers: a name in front of '(' that is none is an
// error here.
//
// Example:
//   Lexer lex("tolower(proc.name) = ls", false);
//   if (at_call(lex)) parse_transformer(lex);   // leaves " = ls"
#pragma once

#include "filter/ast.hpp"
#include "filter/lexer.hpp"

namespace gyr::filter {

/// A name with '(' right behind it; `val(` too.
bool at_call(const Lexer& lex);
bool at_val(const Lexer& lex);

Result<Operand> parse_field(Lexer& lex);
Result<Operand> parse_transformer(Lexer& lex);
/// val(FIELD): the field.
Result<Operand> parse_val(Lexer& lex);

}  // namespace gyr::filter
