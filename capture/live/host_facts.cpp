#include "capture/live/host_facts.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "capture/live/proc_files.hpp"

namespace gyr {

namespace {

enum Capability : unsigned { sys_ptrace = 19, sys_admin = 21, perfmon = 38, bpf = 39 };

bool has(uint64_t capabilities, Capability one) { return (capabilities >> one & 1) != 0; }

/// The word in brackets of "none [integrity] confidentiality".
std::string_view chosen(std::string_view text) {
  const size_t begin = text.find('['), end = text.find(']');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  return text.substr(begin + 1, end - begin - 1);
}

void read_own_status(ProcFiles& files, const std::string& root, HostFacts& facts) {
  const std::string path = root + "/proc/self/status";
  files.for_each_line(AT_FDCWD, path.c_str(), [&](std::string_view line) {
    const auto rest = [&](std::string_view name) {
      const bool is_it = line.starts_with(name);
      if (is_it) line.remove_prefix(name.size());
      return is_it;
    };
    if (rest("CapEff:"))
      facts.capabilities = take_number<uint64_t>(line, 16).value_or(facts.capabilities);
    else if (rest("Seccomp:"))
      facts.seccomp_filter = take_number<int>(line) == 2;
  });
}

/// The initial namespace maps every id to itself.
bool is_nested(std::string_view uid_map) {
  const auto inside = take_number<uint64_t>(uid_map), outside = take_number<uint64_t>(uid_map),
             count = take_number<uint64_t>(uid_map);
  return inside && outside && count && (*inside != 0 || *outside != 0 || *count != 4294967295);
}

}  // namespace

HostFacts read_host_facts(const std::string& root) {
  HostFacts facts;
  ProcFiles files;
  const auto read = [&](const char* path) { return files.read(AT_FDCWD, (root + path).c_str()); };
  const auto exists = [&](const char* path) { return ::access((root + path).c_str(), R_OK) == 0; };
  if (auto text = read("/proc/sys/kernel/osrelease")) facts.release = take_line(*text);
  facts.btf = exists("/sys/kernel/btf/vmlinux");
  if (const auto text = read("/sys/kernel/security/lockdown"); text && !chosen(*text).empty())
    facts.lockdown = chosen(*text);
  if (const auto text = read("/proc/self/uid_map")) facts.user_namespace = is_nested(*text);
  read_own_status(files, root, facts);
#if defined(__x86_64__)
  facts.runs_32_bit = exists("/proc/sys/abi/vsyscall32");
#endif
  return facts;
}

std::optional<KernelVersion> kernel_version(std::string_view release) {
  const auto major = take_number<int>(release);
  if (!major || !release.starts_with('.')) return std::nullopt;
  release.remove_prefix(1);
  const auto minor = take_number<int>(release);
  if (!minor) return std::nullopt;
  return KernelVersion{*major, *minor};
}

std::vector<std::string_view> missing_capabilities(uint64_t capabilities) {
  std::vector<std::string_view> missing;
  const bool admin = has(capabilities, sys_admin);
  if (!admin && !has(capabilities, bpf)) missing.emplace_back("CAP_BPF");
  if (!admin && !has(capabilities, perfmon)) missing.emplace_back("CAP_PERFMON");
  if (!has(capabilities, sys_ptrace)) missing.emplace_back("CAP_SYS_PTRACE");
  return missing;
}

std::optional<std::string> missing_for_probe(const HostFacts& facts) {
  const auto version = kernel_version(facts.release);
  if (version && *version < oldest_kernel)
    return fmt::format("kernel {} is too old, {}.{} or later is needed", facts.release,
                       oldest_kernel.major, oldest_kernel.minor);
  if (!facts.btf)
    return "the kernel has no BTF (there is no /sys/kernel/btf/vmlinux), so it must be built with "
           "CONFIG_DEBUG_INFO_BTF";
  auto capabilities = missing_capabilities(facts.capabilities);
  if (!capabilities.empty() && capabilities[0] != "CAP_SYS_PTRACE")
    return fmt::format("it needs root or a capability that this process lacks ({})",
                       fmt::join(capabilities, ", "));
  if (facts.lockdown == "confidentiality")
    return "the kernel is locked down (confidentiality) and lets nobody read its memory";
  return std::nullopt;
}

std::optional<std::string> reason_of_refusal(const HostFacts& facts, int error) {
  if (auto missing = missing_for_probe(facts)) return missing;
  if (error == ENOSYS) return "the kernel has no eBPF (CONFIG_BPF_SYSCALL)";
  if (error == ENOMEM)
    return "there is not enough memory for the rings; a smaller --ring-size may do";
  if (error != EPERM && error != EACCES) return std::nullopt;
  if (facts.user_namespace)
    return "this process is in a user namespace (a container without root), whose capabilities do "
           "not count; only those of the host do";
  if (facts.seccomp_filter)
    return "a seccomp filter (of a container or a service) forbids bpf(2) to this process";
  return std::nullopt;
}

}  // namespace gyr
