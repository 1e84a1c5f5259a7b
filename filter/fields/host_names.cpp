#include "filter/fields/host_names.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <map>
#include <memory>
#include <mutex>

namespace gyr::filter {

namespace {

/// What was found out so far. Entries stay where they are, and as they are.
struct Known {
  std::mutex mutex;
  std::map<std::string, std::string, std::less<>> hosts;      // by address
  std::map<std::string, std::vector<std::string>> addresses;  // by name; none: nobody knows it
  std::map<std::pair<uint16_t, L4Protocol>, std::string> services;
};

Known& known() {
  static Known all;
  return all;
}

std::string address_bytes(const sockaddr& address) {
  const auto bytes = [](const auto& part) {
    return std::string(reinterpret_cast<const char*>(&part), sizeof part);
  };
  if (address.sa_family == AF_INET)
    return bytes(reinterpret_cast<const sockaddr_in&>(address).sin_addr);
  if (address.sa_family == AF_INET6)
    return bytes(reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
  return {};
}

std::vector<std::string> ask_addresses(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;  // each address once
  addrinfo* list = nullptr;
  if (::getaddrinfo(name.c_str(), nullptr, &hints, &list) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* i = list; i != nullptr; i = i->ai_next)
    if (std::string bytes = address_bytes(*i->ai_addr); !bytes.empty())
      addresses.push_back(std::move(bytes));
  return addresses;
}

std::string ask_service(uint16_t port, L4Protocol protocol) {
  const char* name = protocol == L4Protocol::tcp   ? "tcp"
                     : protocol == L4Protocol::udp ? "udp"
                                                   : nullptr;
  servent entry{};
  servent* found = nullptr;
  char buffer[1024];
  ::getservbyport_r(htons(port), name, &entry, buffer, sizeof buffer, &found);
  return found != nullptr ? found->s_name : std::string();
}

}  // namespace

std::vector<std::string> resolve_host(const std::string& name) {
  {
    const std::lock_guard lock(known().mutex);
    if (const auto found = known().addresses.find(name); found != known().addresses.end())
      return found->second;
  }
  std::vector<std::string> addresses = ask_addresses(name);
  const std::lock_guard lock(known().mutex);
  for (const std::string& address : addresses) known().hosts.emplace(address, name);
  return known().addresses.emplace(name, std::move(addresses)).first->second;
}

std::string_view host_name(std::string_view address) {
  const std::lock_guard lock(known().mutex);
  const auto found = known().hosts.find(address);
  return found != known().hosts.end() ? std::string_view(found->second) : std::string_view();
}

std::string_view service_name(uint16_t port, L4Protocol protocol) {
  const std::lock_guard lock(known().mutex);
  const auto [entry, is_new] = known().services.try_emplace({port, protocol});
  if (is_new) entry->second = ask_service(port, protocol);
  return entry->second;
}

}  // namespace gyr::filter
