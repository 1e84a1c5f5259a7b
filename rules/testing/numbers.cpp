#include "rules/testing/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "filter/wording.hpp"

namespace gyr::rules {

namespace {

using schema::ParamType;

/// Names of numbers that events store as the kernel has them, without a table.
constexpr schema::FlagName constants[] = {
    {"SOCK_STREAM", 1},
    {"SOCK_DGRAM", 2},
    {"SOCK_RAW", 3},
    {"SOCK_SEQPACKET", 5},
    {"SOCK_NONBLOCK", 04000},
    {"SOCK_CLOEXEC", 02000000},
    {"IPPROTO_IP", 0},
    {"IPPROTO_ICMP", 1},
    {"IPPROTO_TCP", 6},
    {"IPPROTO_UDP", 17},
    {"IPPROTO_ICMPV6", 58},
    {"IPPROTO_RAW", 255},
    {"true", 1},
    {"false", 0},
};
constexpr schema::FlagTable constant_table = {"constants", constants};
constexpr schema::FlagName directories[] = {{"AT_FDCWD", 100}};  // of negative numbers
constexpr schema::FlagTable directory_table = {"directories", directories};

std::vector<std::string_view> names_of(const schema::FlagTable& table) {
  std::vector<std::string_view> names;
  for (const schema::FlagName& each : table.names) names.push_back(each.name);
  return names;
}

const schema::FlagName* find_name(const schema::FlagTable& table, std::string_view name) {
  const auto found = std::ranges::find(table.names, name, &schema::FlagName::name);
  return found == table.names.end() ? nullptr : &*found;
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// The results of calls: an error's name is the negative number, with or without the sign.
std::optional<Number> parse_errno(std::string_view text) {
  static const schema::FlagTable* const table = find_flag_table("errno");
  if (text.starts_with('-')) text.remove_prefix(1);
  const schema::FlagName* found = table != nullptr ? find_name(*table, text) : nullptr;
  if (found == nullptr) return std::nullopt;
  return Number{true, found->value};
}

bool may_be_error(ParamType type) {
  return type == ParamType::errno_code || type == ParamType::fd || type == ParamType::pid ||
         type == ParamType::int64;
}

Result<Number> parse_signals(std::string_view text, bool as_bits) {
  static const schema::FlagTable* const table = find_flag_table("signal");
  if (table == nullptr) return fail("there is no table of signals");
  if (const auto number = parse_number(text)) return *number;
  Number all;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of("| "), text.size());
    const std::string_view name = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (name.empty()) continue;
    const schema::FlagName* found = find_name(*table, name);
    if (found == nullptr)
      return fail(fmt::format("{} is no signal{}", filter::shown(name),
                              filter::did_you_mean(name, names_of(*table))));
    all.magnitude |= as_bits ? uint64_t{1} << ((found->value - 1) % 64) : found->value;
  }
  return all;
}

Result<Number> parse_call(std::string_view text) {
  if (const auto number = parse_number(text)) return *number;
  const auto found = std::ranges::find(schema::syscalls, text, &schema::Syscall::name);
  if (found == schema::syscalls.end())
    return fail(fmt::format("{} is no system call", filter::shown(text)));
  return Number{false, static_cast<uint64_t>(found - schema::syscalls.begin())};
}

Result<Number> parse_time(std::string_view text) {
  if (const auto ns = parse_duration(text)) return Number{false, *ns};
  if (const auto number = parse_number(text)) return *number;
  return fail(fmt::format("{} is no time, such as 250ms or 2s", filter::shown(text)));
}

Result<Number> parse_plain(const schema::Param& param, std::string_view text) {
  if (const auto number = parse_number(text)) return *number;
  if (may_be_error(param.type))
    if (const auto number = parse_errno(text)) return *number;
  if (param.type == ParamType::fd && find_name(directory_table, text) != nullptr)
    return Number{true, directories[0].value};
  if (auto number = parse_flags(constant_table, text)) return *number;
  std::vector<std::string_view> near;
  if (may_be_error(param.type)) near = names_of(*find_flag_table("errno"));
  return fail(fmt::format("'{}' takes a number, found {}{}", param.name, filter::shown(text),
                          filter::did_you_mean(text, near)));
}

Result<Number> parse_value(const schema::Param& param, std::string_view text) {
  switch (param.type) {
    case ParamType::sigtype:
      return parse_signals(text, false);
    case ParamType::sigset:
      return parse_signals(text, true);
    case ParamType::syscallid:
      return parse_call(text);
    case ParamType::reltime:
    case ParamType::abstime:
      return parse_time(text);
    default:
      return param.flags != nullptr ? parse_flags(*param.flags, text) : parse_plain(param, text);
  }
}

Result<std::string> double_bytes(std::string_view text) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
    return fail(fmt::format("{} is no number", filter::shown(text)));
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

}  // namespace

std::optional<Number> parse_number(std::string_view text) {
  Number number;
  if (text.starts_with('-') || text.starts_with('+')) {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.starts_with("0o")) {
    base = 8;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number.magnitude, base);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

std::optional<uint64_t> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    double ns;
  };
  constexpr Unit units[] = {{"ns", 1},  {"us", 1e3},     {"ms", 1e6},
                            {"s", 1e9}, {"m", 60 * 1e9}, {"h", 3600 * 1e9}};
  constexpr double longest = 1e18;  // some 30 years
  double value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (parsed.ec != std::errc() || !std::isfinite(value) || value < 0) return std::nullopt;
  const std::string_view name(parsed.ptr, static_cast<size_t>(end - parsed.ptr));
  for (const Unit& unit : units)
    if (name == unit.name && value * unit.ns <= longest)
      return static_cast<uint64_t>(std::llround(value * unit.ns));
  return std::nullopt;
}

const schema::FlagTable* find_flag_table(std::string_view name) {
  const auto found = std::ranges::find(schema::flag_tables, name, &schema::FlagTable::name);
  return found == schema::flag_tables.end() ? nullptr : &*found;
}

Result<Number> parse_flags(const schema::FlagTable& table, std::string_view text) {
  Number all;
  std::string_view rest = text;
  for (bool more = true; more;) {
    const size_t end = std::min(rest.find('|'), rest.size());
    const std::string_view name = trimmed(rest.substr(0, end));
    more = end != rest.size();
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto number = parse_number(name);
    const schema::FlagName* found = number ? nullptr : find_name(table, name);
    if (number && number->negative) return *number;
    if (!number && found == nullptr)
      return fail(fmt::format("there is no {} among the {}{}", filter::shown(name), table.name,
                              filter::did_you_mean(name, names_of(table))));
    all.magnitude |= number ? number->magnitude : found->value;
  }
  return all;
}

Result<std::string> number_bytes(ParamType type, Number number) {
  const schema::TypeInfo& info = schema::param_types[static_cast<size_t>(type)];
  if (info.size == 0 || info.size > sizeof(uint64_t))
    return fail(fmt::format("a value of type {} is no number", info.name));
  const unsigned width = info.size * 8u;
  // Signed types have half the room; -1 also stands for all ones of an unsigned type.
  const uint64_t lowest = uint64_t{1} << (width - 1);
  const uint64_t highest = info.is_signed ? lowest - 1
                           : width == 64  ? UINT64_MAX
                                          : (uint64_t{1} << width) - 1;
  if (number.magnitude > (number.negative ? lowest : highest))
    return fail(fmt::format("{}{} does not fit into {} bytes", number.negative ? "-" : "",
                            number.magnitude, info.size));
  const uint64_t bits = number.bits();
  std::string bytes(info.size, '\0');
  std::memcpy(bytes.data(), &bits, info.size);  // little-endian, as everywhere
  return bytes;
}

Result<std::string> encode_number(const schema::Param& param, std::string_view text) {
  if (param.type == ParamType::float64) return double_bytes(text);
  auto number = parse_value(param, text);
  if (!number) return fail(std::move(number.error()));
  return number_bytes(param.type, *number);
}

}  // namespace gyr::rules
