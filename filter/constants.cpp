#include "filter/constants.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>

#include <charconv>
#include <cstring>

namespace gyr::filter {

namespace {

constexpr size_t ipv4_size = 4, ipv6_size = 16;

/// All of the text as a number. `base`: of whole numbers.
template <class T, class... Base>
bool parse_whole(std::string_view text, T& value, Base... base) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, base...);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

}  // namespace

Result<int64_t> parse_number(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  int64_t value = 0;
  if (parse_whole(digits, value)) return value;
  // Bits beyond the sign: the largest unsigned numbers.
  uint64_t bits = 0;
  if (parse_whole(digits, bits)) return static_cast<int64_t>(bits);
  const bool hex = digits.starts_with("0x") || digits.starts_with("0X");
  if (hex && parse_whole(digits.substr(2), bits, 16)) return static_cast<int64_t>(bits);
  return fail(fmt::format("'{}' is not a whole number", text));
}

Result<double> parse_double(std::string_view text) {
  double value = 0;
  if (!text.empty() && parse_whole(text.substr(text.starts_with('+') ? 1 : 0), value)) return value;
  return fail(fmt::format("'{}' is not a number", text));
}

Result<bool> parse_bool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return fail(fmt::format("'{}' is neither true nor false", text));
}

Result<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  if (parse_whole(text, port)) return port;
  const std::string name(text);
  const servent* service = ::getservbyname(name.c_str(), nullptr);
  if (service != nullptr) return ntohs(static_cast<uint16_t>(service->s_port));
  return fail(fmt::format("'{}' is neither a port number nor a service of /etc/services", text));
}

Result<std::string> parse_address(std::string_view text) {
  const std::string terminated(text);
  char bytes[ipv6_size];
  if (::inet_pton(AF_INET, terminated.c_str(), bytes) == 1) return std::string(bytes, ipv4_size);
  if (::inet_pton(AF_INET6, terminated.c_str(), bytes) == 1) return std::string(bytes, ipv6_size);
  return fail(fmt::format("'{}' is not an IP address", text));
}

Result<std::string> parse_network(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos)
    return fail(fmt::format("'{}' is not a network: there is no /LENGTH behind the address", text));
  auto network = parse_address(text.substr(0, slash));
  if (!network) return network;
  const auto bits = static_cast<unsigned>(8 * network->size());
  unsigned length = 0;
  if (!parse_whole(text.substr(slash + 1), length) || length > bits)
    return fail(
        fmt::format("'{}' is not a network: the prefix length goes from 0 to {}", text, bits));
  for (unsigned bit = length; bit < bits; ++bit) {
    char& byte = (*network)[bit / 8];
    byte = static_cast<char>(byte & ~(0x80 >> bit % 8));
  }
  network->push_back(static_cast<char>(length));
  return network;
}

Result<std::string> parse_hex(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    uint8_t byte = 0;
    if (!parse_whole(text.substr(i, 2), byte, 16)) break;
    bytes.push_back(static_cast<char>(byte));
  }
  if (!text.empty() && bytes.size() * 2 == text.size()) return bytes;
  return fail(fmt::format("'{}' is not an even number of hexadecimal digits", text));
}

bool in_network(std::string_view address, std::string_view network) {
  if (address.size() + 1 != network.size()) return false;
  const unsigned length = static_cast<unsigned char>(network.back());
  const size_t whole = length / 8;
  if (std::memcmp(address.data(), network.data(), whole) != 0) return false;
  if (length % 8 == 0) return true;
  const int mask = 0xFF00 >> length % 8 & 0xFF;
  return ((address[whole] ^ network[whole]) & mask) == 0;
}

}  // namespace gyr::filter
