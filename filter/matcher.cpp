#include "filter/matcher.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "filter/constants.hpp"
#include "filter/fields/host_names.hpp"

namespace gyr::filter {

namespace {

Error at(const Literal& constant, Error error) {
  error.offset = constant.span.at;
  return error;
}

/// A number as the field has it: cut to its width, as the kernel and sysdig do, so that -1 is the
/// largest number of an unsigned type.
uint64_t fit(uint64_t number, schema::ParamType type) {
  const auto& info = schema::param_types[static_cast<size_t>(type)];
  if (info.size == 0 || info.size >= sizeof number) return number;
  const unsigned bits = 8u * info.size;
  const uint64_t cut = number & ((uint64_t{1} << bits) - 1);
  const bool negative = info.is_signed && (cut >> (bits - 1)) != 0;
  return negative ? cut | ~((uint64_t{1} << bits) - 1) : cut;
}

Result<uint64_t> read_number(schema::ParamType type, std::string_view text) {
  if (kind_of(type) == Kind::boolean)
    return parse_bool(text).map([](bool value) { return uint64_t{value}; });
  if (kind_of(type) == Kind::port)
    return parse_port(text).map([](uint16_t port) { return uint64_t{port}; });
  return parse_number(text).map(
      [&](int64_t number) { return fit(static_cast<uint64_t>(number), type); });
}

std::vector<std::string> texts_of(const std::vector<Literal>& constants) {
  std::vector<std::string> texts;
  for (const Literal& constant : constants) texts.push_back(constant.text);
  return texts;
}

}  // namespace

Matcher::Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

Result<void> Matcher::set_numbers(Op op, schema::ParamType type,
                                  const std::vector<Literal>& constants) {
  for (const Literal& constant : constants) {
    auto number = read_number(type, constant.text);
    if (!number) return fail(at(constant, std::move(number.error())));
    numbers_.push_back(*number);
  }
  std::sort(numbers_.begin(), numbers_.end());
  number_ = numbers_.empty() ? 0 : numbers_.front();
  signed_ = is_signed_type(type);
  switch (op) {
    case Op::lt:
      test_ = Test::less;
      break;
    case Op::le:
      test_ = Test::less_equal;
      break;
    case Op::gt:
      test_ = Test::greater;
      break;
    case Op::ge:
      test_ = Test::greater_equal;
      break;
    default:
      test_ = numbers_.size() == 1 ? Test::equal : Test::one_of;
      break;
  }
  return {};
}

Result<void> Matcher::set_reals(Op op, const std::vector<Literal>& constants) {
  for (const Literal& constant : constants) {
    auto number = parse_double(constant.text);
    if (!number) return fail(at(constant, std::move(number.error())));
    reals_.push_back(*number);
  }
  test_ = Test::real;
  op_ = op;
  return {};
}

Result<void> Matcher::set_regexes(const std::vector<Literal>& constants) {
  RE2::Options options;
  options.set_posix_syntax(true);
  options.set_longest_match(true);
  options.set_log_errors(false);
  for (const Literal& constant : constants) {
    auto regex = std::make_unique<RE2>(constant.text, options);
    if (!regex->ok())
      return fail(at(constant, {fmt::format("bad regular expression: {}", regex->error())}));
    regexes_.push_back(std::move(regex));
  }
  test_ = Test::regexes;
  cost_ = 60;
  return {};
}

Result<void> Matcher::set_texts(Op op, const std::vector<Literal>& constants) {
  std::vector<std::string> texts = texts_of(constants);
  switch (op) {
    case Op::startswith:
    case Op::bstartswith:
    case Op::endswith:
      test_ = Test::affix;
      cost_ = 4;
      affixes_ = AffixSet(std::move(texts),
                          op == Op::endswith ? AffixSet::End::suffix : AffixSet::End::prefix);
      break;
    case Op::contains:
    case Op::bcontains:
    case Op::icontains:
      test_ = Test::substring;
      cost_ = 10;
      substrings_ = SubstringSet(std::move(texts), op == Op::icontains);
      break;
    case Op::glob:
    case Op::iglob:
      test_ = Test::globs;
      cost_ = static_cast<unsigned>(20 * texts.size());
      for (std::string& text : texts) globs_.emplace_back(std::move(text), op == Op::iglob);
      break;
    case Op::regex:
      return set_regexes(constants);
    case Op::pmatch:
      test_ = Test::paths;
      cost_ = 12;
      paths_ = PathSet(texts);
      break;
    default:
      test_ = Test::texts;
      cost_ = 3;
      texts_ = TextSet(std::move(texts));
      break;
  }
  return {};
}

Result<void> Matcher::set_addresses(bool networks, const std::vector<Literal>& constants) {
  for (const Literal& constant : constants) {
    auto address = networks ? parse_network(constant.text) : parse_address(constant.text);
    if (!address) return fail(at(constant, std::move(address.error())));
    addresses_.push_back(std::move(*address));
  }
  test_ = networks ? Test::networks : Test::addresses;
  cost_ = 3;
  return {};
}

namespace {

/// bcontains and bstartswith name their bytes in hexadecimal.
Result<std::vector<Literal>> unhexed(const std::vector<Literal>& constants) {
  std::vector<Literal> bytes;
  for (const Literal& constant : constants) {
    auto text = parse_hex(constant.text);
    if (!text) return fail(at(constant, std::move(text.error())));
    bytes.push_back({std::move(*text), constant.quoted, constant.span});
  }
  return bytes;
}

}  // namespace

Result<Matcher> Matcher::make(Op op, schema::ParamType type, const std::vector<Literal>& constants,
                              Span op_span) {
  Matcher matcher;
  Result<void> done;
  switch (kind_of(type)) {
    case Kind::number:
    case Kind::boolean:
    case Kind::port:
      done = matcher.set_numbers(op, type, constants);
      break;
    case Kind::real:
      done = matcher.set_reals(op, constants);
      break;
    case Kind::text:
      done = matcher.set_texts(op, constants);
      break;
    case Kind::bytes:
      if (op == Op::bcontains || op == Op::bstartswith) {
        auto bytes = unhexed(constants);
        if (!bytes) return fail(std::move(bytes.error()));
        done = matcher.set_texts(op, *bytes);
      } else {
        done = matcher.set_texts(op, constants);
      }
      break;
    case Kind::address:
      done = matcher.set_addresses(false, constants);
      break;
    case Kind::network:
      done = matcher.set_addresses(true, constants);
      break;
    case Kind::opaque:
      return fail(Error{"values of this field can only be tested with exists", op_span.at});
  }
  if (!done) return fail(std::move(done.error()));
  return matcher;
}

Matcher Matcher::of_hosts(const std::vector<Literal>& names) {
  Matcher matcher;
  matcher.test_ = Test::addresses;
  for (const Literal& name : names)
    for (std::string& address : resolve_host(name.text))
      matcher.addresses_.push_back(std::move(address));
  return matcher;
}

bool Matcher::compare_reals(double value) const {
  return std::any_of(reals_.begin(), reals_.end(), [&](double constant) {
    switch (op_) {
      case Op::lt:
        return value < constant;
      case Op::le:
        return value <= constant;
      case Op::gt:
        return value > constant;
      case Op::ge:
        return value >= constant;
      default:
        return value == constant;
    }
  });
}

/// RE2 reads UTF-8; what is none is replaced, as the character that stands for it.
bool Matcher::matches_regex(std::string_view value) const {
  thread_local std::string clean;
  if (!is_utf8(value)) {
    clean.clear();
    append_as_utf8(clean, value);
    value = clean;
  }
  return std::any_of(regexes_.begin(), regexes_.end(), [&](const auto& regex) {
    return RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex);
  });
}

bool Matcher::matches(const Value& value) const {
  const auto less = [this](uint64_t a, uint64_t b) {
    return signed_ ? static_cast<int64_t>(a) < static_cast<int64_t>(b) : a < b;
  };
  switch (test_) {
    case Test::equal:
      return value.number == number_;
    case Test::one_of:
      return std::binary_search(numbers_.begin(), numbers_.end(), value.number);
    case Test::less:
      return less(value.number, number_);
    case Test::less_equal:
      return !less(number_, value.number);
    case Test::greater:
      return less(number_, value.number);
    case Test::greater_equal:
      return !less(value.number, number_);
    case Test::real:
      return compare_reals(value.as_double());
    case Test::texts:
      return texts_.matches(value.text);
    case Test::affix:
      return affixes_.matches(value.text);
    case Test::substring:
      return substrings_.matches(value.text);
    case Test::globs:
      return std::any_of(globs_.begin(), globs_.end(),
                         [&](const Glob& glob) { return glob.matches(value.text); });
    case Test::regexes:
      return matches_regex(value.text);
    case Test::paths:
      return paths_.matches(value.text);
    case Test::addresses:
      return std::find(addresses_.begin(), addresses_.end(), value.text) != addresses_.end();
    case Test::networks:
      return std::any_of(addresses_.begin(), addresses_.end(), [&](const std::string& network) {
        return in_network(value.text, network);
      });
  }
  return false;
}

}  // namespace gyr::filter
