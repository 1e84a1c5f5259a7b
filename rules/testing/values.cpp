#include "rules/testing/values.hpp"

#include <fmt/format.h>

#include "filter/wording.hpp"
#include "rules/testing/addresses.hpp"
#include "rules/testing/numbers.hpp"

namespace gyr::rules {

namespace {

using Kind = YamlNode::Kind;
using schema::ParamType;

bool is_number(ParamType type) { return schema::param_types[static_cast<size_t>(type)].size != 0; }

std::string terminated(std::string_view text) {
  std::string bytes(text);
  bytes += '\0';
  return bytes;
}

std::optional<std::string> bytes_of_hex(std::string_view text) {
  std::string bytes;
  int digits = 0;
  unsigned value = 0;
  for (const char c : text) {
    if (c == ' ') continue;
    const size_t digit = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 4 | static_cast<unsigned>(digit);
    if (++digits % 2 == 0) bytes += static_cast<char>(value & 0xff);
  }
  return digits % 2 == 0 ? std::optional(bytes) : std::nullopt;
}

std::string raw_address(const IpEnd& end) {
  return {reinterpret_cast<const char*>(end.address.data()), end.ipv6 ? size_t{16} : size_t{4}};
}

/// "SOURCE->DESTINATION /path", the numbers in hexadecimal as gyr prints them, or the path alone.
std::optional<std::string> unix_pair(std::string_view text) {
  if (text.starts_with('/') || text.starts_with('@')) return unix_pair_bytes(0, 0, text);
  const size_t arrow = text.find("->");
  if (arrow == std::string_view::npos) return std::nullopt;
  const size_t blank = std::min(text.find(' ', arrow), text.size());
  const auto hex = [](std::string_view digits) {
    return parse_number(digits.starts_with("0x") ? std::string(digits)
                                                 : "0x" + std::string(digits));
  };
  const auto source = hex(text.substr(0, arrow));
  const auto destination = hex(text.substr(arrow + 2, blank - arrow - 2));
  if (!source || !destination) return std::nullopt;
  const std::string_view path = text.substr(std::min(blank + 1, text.size()));
  return unix_pair_bytes(source->magnitude, destination->magnitude, path);
}

}  // namespace

std::nullopt_t ValueEncoder::wrong(Place place, std::string message) const {
  findings_.error(Code::validate, place, std::move(message));
  return std::nullopt;
}

const TracedText* ValueEncoder::scalar(std::string_view name, const YamlNode& value) const {
  if (value.kind == Kind::scalar || value.kind == Kind::null) return &value.text;
  wrong(value.place, fmt::format("'{}' takes a text, found {}", name, kind_name(value.kind)));
  return nullptr;
}

std::optional<std::string> ValueEncoder::number(const schema::Param& param,
                                                const YamlNode& value) const {
  std::string text;
  const bool is_list = param.flags != nullptr && value.kind == Kind::sequence;
  for (const YamlPtr& each : value.items) {
    const TracedText* name = is_list ? scalar(param.name, *each) : nullptr;
    if (name != nullptr) text += (text.empty() ? "" : "|") + name->text();
  }
  if (!is_list) {
    const TracedText* only = scalar(param.name, value);
    if (only == nullptr) return std::nullopt;
    text = only->text();
  }
  auto bytes = encode_number(param, text);
  if (!bytes) return wrong(value.place, std::move(bytes.error().message));
  return std::move(*bytes);
}

std::optional<std::string> ValueEncoder::texts(std::string_view name, const YamlNode& value) const {
  std::string bytes;
  if (value.kind == Kind::sequence) {
    for (const YamlPtr& each : value.items) {
      const TracedText* text = scalar(name, *each);
      if (text == nullptr) return std::nullopt;
      bytes += terminated(text->text());
    }
    return bytes;
  }
  if (value.kind == Kind::mapping) {  // an environment
    for (const auto& [key, entry] : value.entries) {
      const TracedText* text = scalar(name, *entry);
      if (text == nullptr) return std::nullopt;
      bytes += terminated(key->text.text() + "=" + text->text());
    }
    return bytes;
  }
  std::string_view rest = value.text.text();
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(' '), rest.size());
    if (end != 0) bytes += terminated(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return bytes;
}

std::optional<std::string> ValueEncoder::user_id(const schema::Param& param,
                                                 const YamlNode& value) const {
  const std::string& name = value.text.text();
  if (value.kind != Kind::scalar || parse_number(name)) return number(param, value);
  if (name == "root") return number_bytes(param.type, {}).value();
  const NameTable& known = param.type == ParamType::gid ? state_.groups : state_.users;
  std::optional<uint32_t> id;
  std::vector<std::string_view> names;
  known.for_each_of_host([&](uint32_t each, const UserInfo& info) {
    names.push_back(info.name);
    if (info.name == name) id = each;
  });
  if (id) return number_bytes(param.type, {false, *id}).value();
  return wrong(value.place, fmt::format("no 'user' of the case is called {}{}", filter::shown(name),
                                        filter::did_you_mean(name, names)));
}

std::optional<std::string> ValueEncoder::descriptor(const schema::Param& param,
                                                    const YamlNode& value,
                                                    const Thread* thread) const {
  const std::string& name = value.text.text();
  const auto plain = value.kind == Kind::scalar ? encode_number(param, name) : fail("");
  if (plain) return *plain;
  if (value.kind != Kind::scalar || thread == nullptr || parse_number(name))
    return number(param, value);
  std::optional<int64_t> found;
  std::vector<SharedText> texts;
  thread->fds->for_each([&](int64_t fd, const Descriptor& each) {
    texts.push_back(each.name);
    if (each.name.view() == name) found = fd;
  });
  if (found) return number_bytes(param.type, {false, static_cast<uint64_t>(*found)}).value();
  std::vector<std::string_view> names;
  for (const SharedText& each : texts) names.push_back(each.view());
  return wrong(value.place, fmt::format("thread {} has no descriptor called {}{}", thread->tid,
                                        filter::shown(name), filter::did_you_mean(name, names)));
}

std::optional<std::string> ValueEncoder::buffer(const schema::Param& param,
                                                const YamlNode& value) const {
  if (value.kind == Kind::mapping) {
    if (const YamlNode* hex = value.find("hex"); hex != nullptr && value.entries.size() == 1) {
      if (auto bytes = bytes_of_hex(hex->text.text())) return bytes;
      return wrong(hex->place, "'hex' takes pairs of hexadecimal digits");
    }
  }
  // Of a program's texts, which are in buffers too, there are several.
  const bool several = param.name == "args" || param.name == "env" || param.name == "cgroups";
  if (several || value.kind == Kind::sequence) return texts(param.name, value);
  const TracedText* text = scalar(param.name, value);
  return text != nullptr ? std::optional(text->text()) : std::nullopt;
}

std::optional<std::string> ValueEncoder::text(const schema::Param& param,
                                              const YamlNode& value) const {
  const TracedText* text = scalar(param.name, value);
  return text != nullptr ? std::optional(terminated(text->text())) : std::nullopt;
}

std::optional<std::string> ValueEncoder::address(const schema::Param& param,
                                                 const YamlNode& value) const {
  const TracedText* given = scalar(param.name, value);
  if (given == nullptr) return std::nullopt;
  const std::string& text = given->text();
  if (text.empty()) return std::string();
  switch (param.type) {
    case ParamType::sockaddr:
      if (text[0] == '/' || text[0] == '@') return unix_end_bytes(text);
      if (const auto end = parse_end(text)) return end_bytes(*end);
      return wrong(value.place,
                   fmt::format("'{}' takes an address such as 10.0.0.1:80, [::1]:80 or /run/x, "
                               "found {}",
                               param.name, filter::shown(text)));
    case ParamType::socktuple:
      if (const auto pair = parse_pair(text)) return pair_bytes(*pair);
      if (const auto pair = unix_pair(text)) return pair;
      return wrong(value.place,
                   fmt::format("'{}' takes addresses such as 10.0.0.1:4000->10.0.0.2:80, found {}",
                               param.name, filter::shown(text)));
    default:
      break;
  }
  const bool fits_ipv4 = param.type != ParamType::ipv6addr;
  const auto end = parse_address(text);
  if (end && (end->ipv6 ? param.type != ParamType::ipv4addr : fits_ipv4)) return raw_address(*end);
  return wrong(value.place,
               fmt::format("{} is no address for '{}'", filter::shown(text), param.name));
}

/// [4, "5:POLLIN|POLLOUT"]
std::optional<std::string> ValueEncoder::descriptors(const schema::Param& param,
                                                     const YamlNode& value) const {
  static const schema::FlagTable* const events = find_flag_table("poll_flags");
  constexpr size_t most = 1024;
  std::string bytes;
  const size_t count = value.kind == Kind::sequence ? value.items.size() : 0;
  if (count == 0 && value.kind != Kind::null && value.kind != Kind::sequence)
    return wrong(value.place, fmt::format("'{}' takes a list of descriptors", param.name));
  if (count > most) return wrong(value.place, "so many descriptors are in no event");
  bytes += number_bytes(ParamType::uint16, {false, count}).value();
  for (const YamlPtr& item : value.items) {
    const std::string& text = item->text.text();
    const size_t colon = std::min(text.find(':'), text.size());
    const auto fd = parse_number(std::string_view(text).substr(0, colon));
    if (!fd) return wrong(item->place, "a descriptor is a number, or 4:POLLIN");
    Result<Number> flags = Number{};
    if (colon != text.size())
      flags = parse_flags(*events, std::string_view(text).substr(colon + 1));
    if (!flags) return wrong(item->place, std::move(flags.error().message));
    const auto fd_bytes = number_bytes(ParamType::int64, *fd);
    const auto flag_bytes = number_bytes(ParamType::uint16, *flags);
    if (!fd_bytes || !flag_bytes) return wrong(item->place, "the number is too large");
    bytes += *fd_bytes + *flag_bytes;
  }
  return bytes;
}

/// A value that brings its type along: {uint32: 5}, or what fits first, numbers before texts.
std::optional<std::string> ValueEncoder::variant(const schema::Param& param, const YamlNode& value,
                                                 const Thread* thread) const {
  const auto as = [&](size_t tag, const YamlNode& node,
                      Findings& findings) -> std::optional<std::string> {
    const schema::Variant& each = param.variants[tag];
    const schema::Param inner{param.name, each.type, each.format, -1, nullptr, {}};
    auto bytes = ValueEncoder(state_, findings).encode(inner, node, thread);
    if (bytes) bytes->insert(bytes->begin(), static_cast<char>(tag));
    return bytes;
  };
  std::vector<std::string_view> names;
  for (const schema::Variant& each : param.variants)
    names.push_back(schema::param_types[static_cast<size_t>(each.type)].name);
  if (value.kind == Kind::mapping && value.entries.size() == 1) {
    const auto& [key, inner] = value.entries[0];
    for (size_t tag = 0; tag < names.size(); ++tag)
      if (names[tag] == key->text.text()) return as(tag, *inner, findings_);
  }
  for (const bool numbers : {true, false}) {
    for (size_t tag = 0; tag < names.size(); ++tag) {
      if (is_number(param.variants[tag].type) != numbers) continue;
      Findings ignored;
      if (auto bytes = as(tag, value, ignored)) return bytes;
    }
  }
  return wrong(value.place,
               fmt::format("'{}' takes a value of type {}", param.name, fmt::join(names, " or ")));
}

std::optional<std::string> ValueEncoder::encode(const schema::Param& param, const YamlNode& value,
                                                const Thread* thread) const {
  switch (param.type) {
    case ParamType::charbuf:
    case ParamType::fspath:
    case ParamType::fsrelpath:
      return text(param, value);
    case ParamType::bytebuf:
      return buffer(param, value);
    case ParamType::charbufarray:
    case ParamType::charbuf_pair_array:
      return texts(param.name, value);
    case ParamType::sockaddr:
    case ParamType::socktuple:
    case ParamType::ipv4addr:
    case ParamType::ipv6addr:
    case ParamType::ipaddr:
      return address(param, value);
    case ParamType::fdlist:
      return descriptors(param, value);
    case ParamType::dyn:
      return variant(param, value, thread);
    case ParamType::fd:
      return descriptor(param, value, thread);
    case ParamType::uid:
    case ParamType::gid:
      return user_id(param, value);
    default:
      break;
  }
  if (is_number(param.type)) return number(param, value);
  return wrong(value.place, fmt::format("'{}' cannot be given in a case", param.name));
}

std::string zero_value(const schema::Param& param) {
  const size_t size = schema::param_types[static_cast<size_t>(param.type)].size;
  switch (param.type) {
    case ParamType::charbuf:
    case ParamType::fspath:
    case ParamType::fsrelpath:
      return terminated("");
    case ParamType::fdlist:
      return std::string(sizeof(uint16_t), '\0');
    case ParamType::dyn: {
      const schema::Variant& first = param.variants[0];
      return '\0' + zero_value({param.name, first.type, first.format, -1, nullptr, {}});
    }
    default:
      return std::string(size, '\0');
  }
}

}  // namespace gyr::rules
