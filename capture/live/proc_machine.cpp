#include "capture/live/proc_machine.hpp"

#include <grp.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/utsname.h>

#include <cstdio>
#include <cstring>
#include <memory>

#include "capture/live/proc_files.hpp"

namespace gyr {

namespace {

// A directory service can have any number.
constexpr size_t max_users = 1u << 17;

/// "key value ..." or "key: value ..."
uint64_t number_behind(std::string_view line, std::string_view key) {
  line.remove_prefix(key.size());
  return take_number<uint64_t>(line).value_or(0);
}

bool is_cpu_line(std::string_view line) {
  return line.size() > 3 && line.starts_with("cpu") && line[3] >= '0' && line[3] <= '9';
}

IpAddress address_of(const sockaddr* from) {
  IpAddress address{};
  if (from == nullptr) return address;
  if (from->sa_family == AF_INET6)
    std::memcpy(address.data(), &reinterpret_cast<const sockaddr_in6*>(from)->sin6_addr, 16);
  else if (from->sa_family == AF_INET)
    std::memcpy(address.data(), &reinterpret_cast<const sockaddr_in*>(from)->sin_addr, 4);
  return address;
}

std::string_view text(const char* c_string) {
  return c_string == nullptr ? std::string_view() : std::string_view(c_string);
}

void give(const passwd& entry, RecordSink& sink) {
  sink.user({.is_group = false,
             .uid = entry.pw_uid,
             .gid = entry.pw_gid,
             .name = text(entry.pw_name),
             .home = text(entry.pw_dir),
             .shell = text(entry.pw_shell)});
}

void give(const group& entry, RecordSink& sink) {
  UserRecord record;
  record.is_group = true;
  record.gid = entry.gr_gid;
  record.name = text(entry.gr_name);
  sink.user(record);
}

struct CloseFile {
  void operator()(FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<FILE, CloseFile>;

void read_users_of_files(const std::string& root, RecordSink& sink) {
  if (const File file{std::fopen((root + "/etc/passwd").c_str(), "re")}) {
    for (size_t n = 0; n < max_users; ++n) {
      const passwd* entry = fgetpwent(file.get());
      if (entry == nullptr) break;
      give(*entry, sink);
    }
  }
  if (const File file{std::fopen((root + "/etc/group").c_str(), "re")}) {
    for (size_t n = 0; n < max_users; ++n) {
      const group* entry = fgetgrent(file.get());
      if (entry == nullptr) break;
      give(*entry, sink);
    }
  }
}

/// By whatever services the machine is set up to ask.
void read_users_of_machine(RecordSink& sink) {
  setpwent();
  for (size_t n = 0; n < max_users; ++n) {
    const passwd* entry = getpwent();
    if (entry == nullptr) break;
    give(*entry, sink);
  }
  endpwent();
  setgrent();
  for (size_t n = 0; n < max_users; ++n) {
    const group* entry = getgrent();
    if (entry == nullptr) break;
    give(*entry, sink);
  }
  endgrent();
}

std::string read_hostname(const std::string& root, ProcFiles& files) {
  // The kernel answers with the name of the reader's own container.
  if (!root.empty()) {
    if (auto name = files.read(AT_FDCWD, (root + "/etc/hostname").c_str()))
      return std::string(take_line(*name));
  }
  utsname names{};
  return uname(&names) == 0 ? names.nodename : std::string();
}

}  // namespace

uint64_t read_boot_ts(const std::string& root) {
  ProcFiles files;
  uint64_t seconds = 0;
  constexpr std::string_view key = "btime ";
  files.for_each_line(AT_FDCWD, (root + "/proc/stat").c_str(), [&](std::string_view line) {
    if (line.starts_with(key)) seconds = number_behind(line, key);
  });
  return seconds * 1'000'000'000;
}

void read_machine(const std::string& root, uint64_t boot_ts, RecordSink& sink) {
  ProcFiles files;
  MachineInfo machine;
  machine.boot_ts = boot_ts;
  files.for_each_line(AT_FDCWD, (root + "/proc/stat").c_str(),
                      [&](std::string_view line) { machine.cpus += is_cpu_line(line) ? 1 : 0; });
  constexpr std::string_view key = "MemTotal:";
  constexpr uint64_t kb = 1024;
  files.for_each_line(AT_FDCWD, (root + "/proc/meminfo").c_str(), [&](std::string_view line) {
    if (line.starts_with(key)) machine.memory_bytes = number_behind(line, key) * kb;
  });
  const std::string hostname = read_hostname(root, files);
  machine.hostname = hostname;
  sink.machine(machine);
}

void read_interfaces(RecordSink& sink) {
  sink.interfaces_begin();
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return;
  for (const bool ipv6 : {false, true}) {
    for (const ifaddrs* at = list; at != nullptr; at = at->ifa_next) {
      if (at->ifa_addr == nullptr || at->ifa_addr->sa_family != (ipv6 ? AF_INET6 : AF_INET))
        continue;
      const bool has_broadcast = (at->ifa_flags & IFF_BROADCAST) != 0;
      sink.interface({.ipv6 = ipv6,
                      .address = address_of(at->ifa_addr),
                      .netmask = address_of(at->ifa_netmask),
                      .broadcast = address_of(has_broadcast ? at->ifa_broadaddr : nullptr),
                      .name = text(at->ifa_name)});
    }
  }
  freeifaddrs(list);
}

void read_users(const std::string& root, RecordSink& sink) {
  sink.users_begin();
  if (root.empty())
    read_users_of_machine(sink);
  else
    read_users_of_files(root, sink);
}

}  // namespace gyr
