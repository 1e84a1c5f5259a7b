// The right-hand side of a comparison with constants: whether a value satisfies it.
//
// Purpose: constants are read once, by the type of the field, into the form that makes the test
// cheapest. Several constants are one test: "any of them".
//
// Contract: `make` refuses operators that the type does not have, and constants that it cannot
// read; the offset of its error is that of the constant or the operator. `!=` is made as `=`,
// whoever asks negates. Types that share an operation: see `kind_of`.
//
// Example:
//   auto matcher = Matcher::make(Op::contains, ParamType::charbuf, literals, op_span);
//   matcher->matches(value);
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "filter/ast.hpp"
#include "filter/fields/value.hpp"
#include "filter/text_sets.hpp"
#include "schema/schema.hpp"

namespace re2 {
class RE2;
}

namespace gyr::filter {

/// What values of a type are compared as.
enum class Kind : uint8_t { number, real, boolean, port, text, bytes, address, network, opaque };

Kind kind_of(schema::ParamType type);
/// Whether numbers of the type are ordered as signed ones.
bool is_signed_type(schema::ParamType type);
/// "text", "number", ...: what error messages call it.
std::string_view kind_name(Kind kind);

/// Whether a comparison of this kind exists; lists have fewer.
bool has_operator(Kind kind, bool is_list, Op op);
/// The operators that do, for error messages: "=, !=, in".
std::string operators_of(Kind kind, bool is_list);

class Matcher {
 public:
  Matcher();
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  static Result<Matcher> make(Op op, schema::ParamType type, const std::vector<Literal>& constants,
                              Span op_span);
  /// For addresses: is one of those that the names have now. Asks the system's resolver; a name
  /// that it does not know has none.
  static Matcher of_hosts(const std::vector<Literal>& names);

  bool matches(const Value& value) const;
  /// Relative; a comparison of two numbers is 1.
  unsigned cost() const { return cost_; }

 private:
  enum class Test : uint8_t {
    equal,
    one_of,
    less,
    less_equal,
    greater,
    greater_equal,
    real,
    texts,
    affix,
    substring,
    globs,
    regexes,
    paths,
    addresses,
    networks,
  };

  Result<void> set_numbers(Op op, schema::ParamType type, const std::vector<Literal>& constants);
  Result<void> set_reals(Op op, const std::vector<Literal>& constants);
  Result<void> set_texts(Op op, const std::vector<Literal>& constants);
  Result<void> set_regexes(const std::vector<Literal>& constants);
  Result<void> set_addresses(bool networks, const std::vector<Literal>& constants);
  bool compare_reals(double value) const;
  bool matches_regex(std::string_view value) const;

  Test test_ = Test::equal;
  Op op_ = Op::eq;
  bool signed_ = false;
  unsigned cost_ = 1;
  uint64_t number_ = 0;
  std::vector<uint64_t> numbers_;  // in order
  std::vector<double> reals_;
  TextSet texts_;
  AffixSet affixes_;
  SubstringSet substrings_;
  std::vector<Glob> globs_;
  std::vector<std::unique_ptr<re2::RE2>> regexes_;
  PathSet paths_;
  std::vector<std::string> addresses_;
};

}  // namespace gyr::filter
