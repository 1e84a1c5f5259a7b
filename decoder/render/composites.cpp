#include "decoder/render/composites.hpp"

#include "decoder/addresses.hpp"
#include "decoder/render/names.hpp"
#include "decoder/render/values.hpp"
#include "decoder/sockets.hpp"

namespace gyr {

namespace {

void append_family(Text& to, uint8_t number) { to.append("family ").append_unsigned(number); }

/// For a value that did not parse: which kind of address it claims to be.
void append_invalid(Text& to, uint8_t number, std::string_view what) {
  switch (number) {
    case family::unix_domain:
      to.append("INVALID PATH");
      break;
    case family::ipv4:
      to.append("INVALID IPv4");
      break;
    case family::ipv6:
      to.append("INVALID IPv6");
      break;
    default:
      to.append(what);
      break;
  }
}

bool has_addresses(uint8_t number) {
  return number == family::unix_domain || number == family::ipv4 || number == family::ipv6;
}

}  // namespace

void append_sockaddr(Text& to, Bytes raw, const RenderOptions& options) {
  const auto number = load<uint8_t>(raw.data());
  if (!has_addresses(number)) {
    append_family(to, number);
    return;
  }
  const auto address = sockets::parse_address(raw);
  if (!address)
    append_invalid(to, number, "INVALID SOCKADDR");
  else if (number == family::unix_domain)
    append_name(to, address->path, options);
  else
    append_ip_port(to, number == family::ipv6, address->destination, address->destination_port);
}

void append_socktuple(Text& to, Bytes raw, const RenderOptions& options) {
  const auto number = load<uint8_t>(raw.data());
  if (!has_addresses(number)) {
    append_family(to, number);
    return;
  }
  const auto tuple = sockets::parse_tuple(raw);
  if (!tuple) {
    append_invalid(to, number, "INVALID SOCKTUPLE");
  } else if (number == family::unix_domain) {
    to.append_hex(tuple->unix_source, false).append("->");
    to.append_hex(tuple->unix_destination, false).append(' ');
    append_name(to, tuple->path, options);
  } else {
    append_tuple(to, number == family::ipv6, tuple->source, tuple->source_port, tuple->destination,
                 tuple->destination_port);
  }
}

void append_fdlist(Text& to, Bytes raw, const Thread* thread) {
  Cursor cursor(raw);
  const auto count = cursor.take<uint16_t>();
  if (!cursor.ok()) to.append("INVALID FDLIST");
  for (uint16_t i = 0; i < count; ++i) {
    const auto fd = cursor.take<int64_t>();
    const auto events = cursor.take<int16_t>();
    if (!cursor.ok()) {
      to.append(i == 0 ? "INVALID FDLIST" : " INVALID FDLIST");
      return;
    }
    if (i != 0) to.append(' ');
    const Descriptor* descriptor = thread != nullptr ? thread->fds->find(fd) : nullptr;
    to.append_dec(fd).append(':').append(descriptor ? type_letter(descriptor->type) : '?');
    to.append_hex(static_cast<uint32_t>(events), false);
  }
}

void append_sigset(Text& to, uint32_t bits) {
  const size_t start = to.size();
  for (uint32_t i = 0; i < 32; ++i) {
    if ((bits >> i & 1) == 0) continue;
    const std::string_view name = signal_name(i + 1);
    if (name.empty()) continue;
    if (to.size() != start) to.append(' ');
    to.append(name);
  }
}

void append_string_list(Text& to, Bytes raw, char separator, const RenderOptions& options) {
  std::string_view rest = as_text(raw);
  bool first = true;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\0'), rest.size());
    if (!first) to.append(separator);
    first = false;
    append_name(to, rest.substr(0, end), options);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void append_descriptor_safely(Text& to, const Descriptor& descriptor,
                              const RenderOptions& options) {
  const size_t start = to.size();
  append_descriptor(to, descriptor);
  mask_controls(to, start, options);
}

}  // namespace gyr
