// Functions of values in filters and formats: tolower, basename, join, getopt, ...
//
// Purpose: the table of transformers, and what a bound one keeps. Constants and lists that stand
// inside of transformers are bound in the same way, so that all of them are a Source.
//
// Contract: a row's `check` sees the bound inputs and says what comes out, or what is wrong; its
// errors carry the offset of the input. `apply` gives false (NULL) as soon as one input has no
// value. It writes to `out` only, whose texts may point into the inputs.
//
// To add one: a row in transformers.cpp and its functions.
//
// Example:
//   const TransformerRow* row = find_transformer("tolower");
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "filter/source.hpp"

namespace gyr::filter {

/// One argument, and what it gave for the event at hand.
struct Input {
  Source source;
  Extraction extraction;

  bool extract(const Moment& moment) { return source.extract(moment, extraction); }
  std::span<const Value> values() const { return extraction.values(); }
  const Value& first() const { return extraction.first(); }
};

struct Transformer {
  bool (*apply)(Transformer& self, const Moment& moment, Extraction& out) = nullptr;
  std::vector<Input> inputs;
  std::string text;  // of a constant; of getopt(...)[c] the option
};

/// What a transformer gives.
struct Outcome {
  schema::ParamType type = schema::ParamType::charbuf;
  bool is_list = false;
};

struct TransformerRow {
  std::string_view name;
  std::string_view arguments;  // for people: "(SEPARATOR, LIST)"
  std::string_view doc;
  size_t min_inputs = 1;
  size_t max_inputs = 1;
  bool takes_argument = false;  // in brackets behind it
  Result<Outcome> (*check)(const Operand& call, const Transformer& bound) = nullptr;
  bool (*apply)(Transformer& self, const Moment& moment, Extraction& out) = nullptr;
};

std::span<const TransformerRow> transformer_table();
const TransformerRow* find_transformer(std::string_view name);

/// `apply` of a constant and of a list.
bool give_constant(Transformer& self, const Moment& moment, Extraction& out);
bool give_list(Transformer& self, const Moment& moment, Extraction& out);

}  // namespace gyr::filter
