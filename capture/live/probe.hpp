// The eBPF programs in the kernel: loads, configures, attaches them, and takes them out again.
//
// Contract: `load` gives programs that are attached but switched off; `control().phase` switches
// them on. Needs root, or CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE, and a kernel from 5.8 on with
// BTF. The error of `load` says which of these is missing. The programs leave the kernel with the
// object.
//
// Example:
//   auto probe = Probe::load({.snaplen = 200});
//   (*probe)->switch_to(probe::phase_on);
#pragma once

#include <bitset>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "probe/filter_config.h"
#include "probe/shared.h"
#include "schema/schema.hpp"

struct bpf_object;
struct bpf_link;
struct bpf_program;

namespace gyr {

/// By scap code.
using CallSet = std::bitset<schema::syscall_count>;

struct ProbeOptions {
  uint32_t snaplen = 80;         // bytes of data per event, at most 65000
  bool dynamic_snaplen = false;  // more of some protocols, and of what goes over the ports here
  uint16_t full_port_first = 0, full_port_last = 0;
  size_t ring_bytes = size_t{8} << 20;       // of each CPU; a power of two
  size_t lifecycle_bytes = size_t{8} << 20;  // a power of two
  std::optional<CallSet> calls = {};         // that are wanted; none: all
  CallSet state_calls = {};                  // wanted whatever the conditions on the task say
  std::optional<probe::filter_config> conditions = {};
  bool marks = false;  // threads are marked
  bool latency = true;
  bool with_self = false;
  bool switches = false;
  bool page_faults = false;
  bool signals = true;
  bool io_uring = true;
  bool only_tree = false;  // only what `watch` names and its descendants
};

class Probe {
 public:
  static Result<std::unique_ptr<Probe>> load(const ProbeOptions& options);
  explicit Probe(const ProbeOptions& options) : options_(options) {}
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  ~Probe();

  void switch_to(probe::probe_phase phase);
  /// Makes a process a member of the tree: at once, or from its next exec on.
  Result<void> watch(int64_t pid, bool from_exec);
  /// Whether what a process does is captured.
  bool is_watched(int64_t pid) const;
  /// Members of the tree that live.
  uint64_t members() const;

  uint32_t cpus() const { return cpus_; }
  /// Of threads whose calls are not wanted (probe/marks.h); none where ProbeOptions has no `marks`.
  std::span<uint64_t> marks() { return marks_; }
  std::span<probe::cpu_stats> stats() { return {control_->stats, cpus_}; }
  /// Descriptors of the rings: those of the CPUs, then that of the life-cycle events.
  const std::vector<int>& rings() const { return rings_; }
  /// ns to add to the boot clock for the time of day, as in all events.
  uint64_t boot_to_epoch() const { return boot_to_epoch_; }
  // For people who ask: milliseconds that loading took, programs that were loaded, tracepoints that
  // are wanted and that the kernel lacks.
  double load_ms() const { return load_ms_; }
  size_t programs() const { return programs_; }
  const std::vector<std::string>& lacking() const { return lacking_; }

 private:
  Result<void> open();
  void choose_programs();
  Result<void> configure();
  Result<void> load_object();
  Result<void> map_marks();
  Result<void> make_rings();
  Result<void> fill_calls();
  Result<void> fill_call(int number, const bpf_program* program, probe::u8 wish);
  Result<void> fill_unknown_calls(const bpf_program* generic);
  bool enters(int number, const std::string& call);
  void wish_for_compat_calls();
  Result<void> attach();
  bool is_wanted(std::string_view program) const;
  bool is_wanted_for_call(std::string_view program) const;
  bool is_call_wanted(size_t code) const;

  ProbeOptions options_;
  bpf_object* object_ = nullptr;
  std::vector<bpf_link*> links_;
  std::vector<int> rings_;
  probe::probe_control* control_ = nullptr;
  size_t control_bytes_ = 0;
  std::span<uint64_t> marks_;
  uint32_t cpus_ = 0;
  uint64_t boot_to_epoch_ = 0;
  double load_ms_ = 0;
  size_t programs_ = 0;
  std::vector<std::string> lacking_;
  bool direct_reads_ = false;
};

}  // namespace gyr
