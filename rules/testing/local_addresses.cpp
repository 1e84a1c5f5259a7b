#include "rules/testing/local_addresses.hpp"

#include <algorithm>
#include <array>

#include "decoder/addresses.hpp"
#include "rules/testing/addresses.hpp"
#include "rules/testing/item_keys.hpp"

namespace gyr::rules {

namespace {

constexpr std::array<std::string_view, 3> interface_keys = {"name", "ipv4", "ipv6"};
constexpr std::string_view default_name = "eth0";

struct Interface {
  std::string name;
  IpEnd end;
};

bool is_loopback(const IpEnd& end) {
  constexpr uint8_t ipv4_loopback = 127;
  return end.ipv6 ? end.address == parse_address("::1")->address : end.address[0] == ipv4_loopback;
}

/// What sends is at the source of its pair of addresses.
enum class Local : uint8_t { neither, source, destination };

Local local_end_of(const NamedItem& item) {
  for (const std::string_view name : {"connect", "send"})
    if (item.name.starts_with(name)) return Local::source;
  for (const std::string_view name : {"accept", "recv"})
    if (item.name.starts_with(name)) return Local::destination;
  if (item.name != "fd") return Local::neither;
  const YamlNode* role = item.value->find("role");
  return role != nullptr && role->text.text() == "server" ? Local::destination : Local::source;
}

class Addresses {
 public:
  void add(std::string name, const IpEnd& end) {
    const bool known = std::ranges::any_of(all_, [&](const Interface& each) {
      return each.end.ipv6 == end.ipv6 && each.end.address == end.address;
    });
    if (!known && !is_unset(end.address)) all_.push_back({std::move(name), end});
  }
  void add_local_end(const NamedItem& item) {
    const Local local = local_end_of(item);
    if (local == Local::neither) return;
    for (const std::string_view key : {"tuple", "ipv4", "ipv6"}) {
      const YamlNode* value = item.value->find(key);
      if (value == nullptr) continue;
      if (const auto pair = parse_pair(value->text.text()))
        add(std::string(default_name), local == Local::source ? pair->source : pair->destination);
    }
  }
  bool has_no(bool ipv6) const {
    return std::ranges::none_of(all_, [&](const Interface& each) {
      return each.end.ipv6 == ipv6 && !is_loopback(each.end);
    });
  }
  const std::vector<Interface>& all() const { return all_; }

 private:
  std::vector<Interface> all_;
};

void read_interface(const NamedItem& item, const ValueEncoder& encoder, Addresses& to) {
  const ItemKeys keys(item, encoder);
  if (!keys.check(interface_keys)) return;
  std::string name(default_name);
  keys.read_text("name", name);
  for (const std::string_view key : {"ipv4", "ipv6"}) {
    std::string text;
    keys.read_text(key, text);
    if (text.empty()) continue;
    const auto end = parse_address(text);
    if (end && end->ipv6 == (key == "ipv6"))
      to.add(name, *end);
    else
      keys.wrong(key, "it takes one address");
  }
}

}  // namespace

void write_interfaces(const std::vector<NamedItem>& items, const ValueEncoder& encoder,
                      RecordSink& sink) {
  Addresses addresses;
  addresses.add("lo", *parse_address("127.0.0.1"));
  addresses.add("lo", *parse_address("::1"));
  for (const NamedItem& item : items) {
    if (item.name == "interface")
      read_interface(item, encoder, addresses);
    else
      addresses.add_local_end(item);
  }
  for (const std::string_view address : {"10.0.0.1", "fd00::1"}) {
    const IpEnd end = *parse_address(address);
    if (addresses.has_no(end.ipv6)) addresses.add(std::string(default_name), end);
  }
  sink.interfaces_begin();
  for (const Interface& each : addresses.all()) {
    InterfaceRecord record;
    record.ipv6 = each.end.ipv6;
    record.address = each.end.address;
    record.netmask.fill(0);
    std::fill_n(record.netmask.begin(), each.end.ipv6 ? 8 : 3, uint8_t{0xff});
    record.name = each.name;
    sink.interface(record);
  }
}

}  // namespace gyr::rules
