// Text of extracted values, as output formats show them.
//
// Purpose: one place for how a value prints: in text lines, inside JSON strings, and where a
// transformer makes a text of a number.
//
// Contract: numbers print by the field's format (hexadecimal in upper case and octal without a
// prefix), doubles with one decimal, texts as they are but for control characters where the options
// ask for that, buffers as the options say, addresses in their usual form, lists as "(a,b,c)".
// Nothing is allocated but for the growth of `to`.
//
// Example:
//   append_value(text, {.number = 255}, {ParamType::uint32, Format::hex}, options);   // "FF"
#pragma once

#include <span>

#include "base/text.hpp"
#include "decoder/render/options.hpp"
#include "filter/fields/value.hpp"
#include "schema/schema.hpp"

namespace gyr::filter {

/// What must be known of a value to show it.
struct ValueKind {
  schema::ParamType type = schema::ParamType::charbuf;
  schema::Format format = schema::Format::dec;
};

/// Texts and paths: what is in Value::text can be shown as it is.
bool is_text(schema::ParamType type);
/// Integers of any meaning, times, flags and ids; not bool and double.
bool is_integer(schema::ParamType type);

void append_value(Text& to, const Value& value, ValueKind kind, const RenderOptions& options);
void append_list(Text& to, std::span<const Value> values, ValueKind kind,
                 const RenderOptions& options);

}  // namespace gyr::filter
