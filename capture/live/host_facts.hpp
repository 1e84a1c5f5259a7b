// Whether a host lets the probe in, and if not, what it lacks.
//
// Contract: `read_host_facts` never fails; what cannot be found out keeps a value that is no
// reason. `missing_for_probe` names the first thing that keeps programs out of the kernel, in one
// clear sentence part; nothing where all that can be looked at is there. Facts: capabilities(7),
// kernel_lockdown(7), user_namespaces(7).
//
// Example:
//   if (const auto missing = missing_for_probe(read_host_facts())) return fail(*missing);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gyr {

struct HostFacts {
  std::string release;            // of the kernel, as uname -r
  bool btf = true;                // the kernel describes its types
  std::string lockdown = "none";  // or integrity or confidentiality
  uint64_t capabilities = ~0ull;  // effective ones of this process
  bool user_namespace = false;    // capabilities are those of a nested one
  bool seccomp_filter = false;    // this process may not make all calls
  bool runs_32_bit = false;       // programs, next to its own
};

/// `root` is where /proc and /sys are ("" = at "/").
HostFacts read_host_facts(const std::string& root = "");

struct KernelVersion {
  int major = 0, minor = 0;
  auto operator<=>(const KernelVersion&) const = default;
};

/// The oldest kernel that can run the probe: it has the ring buffer.
constexpr KernelVersion oldest_kernel{5, 8};

/// Of a release as "6.1.0-13-amd64"; nothing if that is no version.
std::optional<KernelVersion> kernel_version(std::string_view release);

/// Those that are not there, of CAP_BPF and CAP_PERFMON, which CAP_SYS_ADMIN stands for, and
/// CAP_SYS_PTRACE. The last is no reason: without it processes of other users are known in part.
std::vector<std::string_view> missing_capabilities(uint64_t capabilities);

std::optional<std::string> missing_for_probe(const HostFacts& facts);

/// Why the kernel refused with `error`: what is missing, or else what the error suggests; nothing
/// if the error is all that is known.
std::optional<std::string> reason_of_refusal(const HostFacts& facts, int error);

}  // namespace gyr
