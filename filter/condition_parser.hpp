// What stands behind a field: the operator and its right-hand side.
//
// Contract: `parse_condition` fills op, modifier, values, right and op_span of a check whose left
// side is there already, and leaves the cursor behind it.
//
// Example:
//   Lexer lex("in (ls, cat)", false);
//   parse_condition(lex, check);   // check.op == Op::in, two values
#pragma once

#include "filter/ast.hpp"
#include "filter/lexer.hpp"

namespace gyr::filter {

/// Whether an operator stands at the cursor.
bool at_operator(const Lexer& lex);

Result<void> parse_condition(Lexer& lex, Check& check);

}  // namespace gyr::filter
