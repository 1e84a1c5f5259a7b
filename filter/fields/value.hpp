// What extracting a field gives.
//
// Purpose: one typed value, or a list of them, without allocation: texts point into the event or
// the state, composed ones into a buffer that the Extraction keeps from one event to the next.
//
// Contract: the meaning of a Value follows from the field's type. Integers, flags, times and ids
// are in `number` (sign-extended), booleans as 0 or 1, doubles as their bits; texts, paths and data
// buffers in `text`; addresses in `text` as 4 or 16 bytes in network order; networks as address
// bytes followed by one byte of prefix length. Valid until the next event or extraction.
//
// Example:
//   Extraction out;
//   if (field.extract(site, out)) use(out.first().text);
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "schema/schema.hpp"

namespace gyr::filter {

struct Value {
  uint64_t number = 0;
  std::string_view text;

  int64_t as_signed() const { return static_cast<int64_t>(number); }
  double as_double() const { return std::bit_cast<double>(number); }
};

class Extraction {
 public:
  void clear() {
    count_ = 0;
    composed_ = false;
    type_ = schema::ParamType::none;
    buffer_.clear();
  }

  /// The type of this value, where it is of another kind than the field's (evt.rawarg.addr); none:
  /// it has the field's.
  schema::ParamType type() const { return type_; }
  void set_type(schema::ParamType type) { type_ = type; }

  bool set_number(uint64_t number) { return set({number, {}}); }
  bool set_signed(int64_t number) { return set({static_cast<uint64_t>(number), {}}); }
  bool set_double(double number) { return set({std::bit_cast<uint64_t>(number), {}}); }
  bool set_text(std::string_view text) { return set({0, text}); }
  /// The buffer to compose a text in; what is in it at the end is the value.
  Text& compose() {
    buffer_.clear();
    composed_ = true;
    count_ = 1;
    one_ = {};
    return buffer_;
  }

  /// Another value of a list, or another candidate of a field that has several.
  void add(Value value);
  /// The same for a text that is composed: append it to `buffer()`, then say where it began. The
  /// views are made by `seal`.
  Text& buffer() { return buffer_; }
  void add_composed(size_t begin);
  /// Makes the views of what was composed. The one who called an extractor does it.
  void seal();

  std::span<const Value> values() const {
    return count_ <= 1 ? std::span(&one_, count_) : std::span(many_.data(), count_);
  }
  const Value& first() const { return count_ <= 1 ? one_ : many_.front(); }
  size_t size() const { return count_; }

 private:
  bool set(Value value) {
    one_ = value;
    count_ = 1;
    return true;
  }

  Value one_;
  size_t count_ = 0;
  bool composed_ = false;
  schema::ParamType type_ = schema::ParamType::none;
  Text buffer_;
  std::vector<Value> many_;
  std::vector<std::pair<uint32_t, uint32_t>> composed_at_;  // index of the value, begin of its text
};

}  // namespace gyr::filter
