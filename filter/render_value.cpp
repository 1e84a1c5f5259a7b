#include "filter/render_value.hpp"

#include <array>
#include <charconv>

#include "base/bytes.hpp"
#include "decoder/addresses.hpp"
#include "decoder/render/buffers.hpp"
#include "decoder/render/composites.hpp"
#include "decoder/render/values.hpp"

namespace gyr::filter {

namespace {

using schema::Format;
using schema::ParamType;

constexpr unsigned ns_digits = 9;
constexpr size_t ipv4_size = 4, ipv6_size = 16;

const schema::TypeInfo& info_of(ParamType type) {
  return schema::param_types[static_cast<size_t>(type)];
}

/// The bits that the type has: values are sign-extended to 64.
uint64_t bits_of(uint64_t number, ParamType type) {
  const size_t size = info_of(type).size;
  return size == 0 || size >= sizeof number ? number : number & ((uint64_t{1} << size * 8) - 1);
}

void append_integer(Text& to, uint64_t number, ValueKind kind) {
  switch (kind.format) {
    case Format::hex:
      to.append_hex(bits_of(number, kind.type), true);
      break;
    case Format::oct:
      to.append_octal(bits_of(number, kind.type));
      break;
    case Format::dec_padded:
      to.append_padded(number, ns_digits);
      break;
    case Format::none:
    case Format::dec:
      if (info_of(kind.type).is_signed)
        to.append_dec(static_cast<int64_t>(number));
      else
        to.append_unsigned(bits_of(number, kind.type));
      break;
  }
}

void append_double(Text& to, double number) {
  constexpr size_t longest = 400;  // the largest has 309 digits before the point
  char* const at = to.room(longest);
  const auto end = std::to_chars(at, at + longest, number, std::chars_format::fixed, 1);
  to.added(static_cast<size_t>(end.ptr - at));
}

void append_address(Text& to, std::string_view bytes) {
  const auto* address = reinterpret_cast<const uint8_t*>(bytes.data());
  if (bytes.size() == ipv4_size)
    append_ipv4(to, address);
  else if (bytes.size() == ipv6_size)
    append_ipv6(to, address);
  else
    to.append("<INVALID>");
}

/// Address bytes, and behind them the length of the prefix.
void append_network(Text& to, std::string_view bytes) {
  if (bytes.empty()) {
    to.append("<INVALID>");
    return;
  }
  append_address(to, bytes.substr(0, bytes.size() - 1));
  to.append('/').append_unsigned(static_cast<unsigned char>(bytes.back()));
}

}  // namespace

bool is_text(ParamType type) {
  switch (type) {
    case ParamType::none:
    case ParamType::charbuf:
    case ParamType::fspath:
    case ParamType::fsrelpath:
    case ParamType::charbufarray:
    case ParamType::charbuf_pair_array:
      return true;
    default:
      return false;
  }
}

bool is_integer(ParamType type) {
  switch (type) {
    case ParamType::bytebuf:
    case ParamType::boolean:
    case ParamType::float64:
    case ParamType::ipv4addr:
    case ParamType::ipv6addr:
    case ParamType::ipaddr:
    case ParamType::ipv4net:
    case ParamType::ipv6net:
    case ParamType::ipnet:
    case ParamType::sockaddr:
    case ParamType::socktuple:
    case ParamType::fdlist:
    case ParamType::dyn:
      return false;
    default:
      return !is_text(type);
  }
}

void append_value(Text& to, const Value& value, ValueKind kind, const RenderOptions& options) {
  const Bytes bytes = as_bytes_of(value.text);
  switch (kind.type) {
    case ParamType::bytebuf:
    case ParamType::dyn:
      append_buffer(to, bytes, options.buffers, options.buffer_limit);
      break;
    case ParamType::boolean:
      to.append(value.number != 0 ? "true" : "false");
      break;
    case ParamType::float64:
      append_double(to, value.as_double());
      break;
    case ParamType::ipv4addr:
    case ParamType::ipv6addr:
    case ParamType::ipaddr:
      append_address(to, value.text);
      break;
    case ParamType::ipv4net:
    case ParamType::ipv6net:
    case ParamType::ipnet:
      append_network(to, value.text);
      break;
    case ParamType::sockaddr:
      if (!bytes.empty()) append_sockaddr(to, bytes, options);
      break;
    case ParamType::socktuple:
      if (!bytes.empty()) append_socktuple(to, bytes, options);
      break;
    case ParamType::fdlist:
      if (!bytes.empty()) append_fdlist(to, bytes, nullptr);
      break;
    default:
      if (is_text(kind.type))
        append_name(to, value.text, options);
      else
        append_integer(to, value.number, kind);
      break;
  }
}

void append_list(Text& to, std::span<const Value> values, ValueKind kind,
                 const RenderOptions& options) {
  to.append('(');
  for (size_t i = 0; i < values.size(); ++i) {
    if (i != 0) to.append(',');
    append_value(to, values[i], kind, options);
  }
  to.append(')');
}

}  // namespace gyr::filter
