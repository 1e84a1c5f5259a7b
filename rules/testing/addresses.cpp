#include "rules/testing/addresses.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

#include "decoder/addresses.hpp"

namespace gyr::rules {

namespace {

constexpr std::string_view arrow = "->";

template <class T>
void put(std::string& to, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  to.append(raw, sizeof raw);
}

bool parse_port(std::string_view text, uint16_t& port) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

void put_end(std::string& to, const IpEnd& end) {
  to.append(reinterpret_cast<const char*>(end.address.data()), end.ipv6 ? 16 : 4);
  put(to, end.port);
}

uint8_t family_of(const IpEnd& end) { return end.ipv6 ? family::ipv6 : family::ipv4; }

}  // namespace

std::optional<IpEnd> parse_address(std::string_view text) {
  IpEnd end;
  end.ipv6 = text.find(':') != std::string_view::npos;
  const std::string terminated(text);
  const int kind = end.ipv6 ? AF_INET6 : AF_INET;
  if (::inet_pton(kind, terminated.c_str(), end.address.data()) != 1) return std::nullopt;
  return end;
}

std::optional<IpEnd> parse_end(std::string_view text) {
  std::string_view address = text, port;
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    address = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (!port.empty() && port[0] != ':') return std::nullopt;
  } else if (const size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    address = text.substr(0, colon);
    port = text.substr(colon);
  }
  auto end = parse_address(address);
  if (!end) return std::nullopt;
  if (!port.empty() && !parse_port(port.substr(1), end->port)) return std::nullopt;
  return end;
}

std::optional<IpPair> parse_pair(std::string_view text) {
  const size_t at = text.find(arrow);
  if (at == std::string_view::npos) return std::nullopt;
  const auto source = parse_end(text.substr(0, at));
  const auto destination = parse_end(text.substr(at + arrow.size()));
  if (!source || !destination || source->ipv6 != destination->ipv6) return std::nullopt;
  return IpPair{*source, *destination};
}

std::string end_bytes(const IpEnd& end) {
  std::string bytes;
  put(bytes, family_of(end));
  put_end(bytes, end);
  return bytes;
}

std::string pair_bytes(const IpPair& pair) {
  std::string bytes;
  put(bytes, family_of(pair.source));
  put_end(bytes, pair.source);
  put_end(bytes, pair.destination);
  return bytes;
}

std::string unix_end_bytes(std::string_view path) {
  std::string bytes;
  put(bytes, family::unix_domain);
  bytes += path;
  bytes += '\0';
  return bytes;
}

std::string unix_pair_bytes(uint64_t source, uint64_t destination, std::string_view path) {
  std::string bytes;
  put(bytes, family::unix_domain);
  put(bytes, source);
  put(bytes, destination);
  bytes += path;
  bytes += '\0';
  return bytes;
}

}  // namespace gyr::rules
