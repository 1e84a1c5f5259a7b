#include "capture/live/probe.hpp"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>

#include "capture/live/clock.hpp"
#include "capture/live/host_facts.hpp"
#include "probe/marks.h"
#include "probe_bytes.hpp"

namespace gyr {

namespace {

using namespace probe;

constexpr std::string_view call_prefix = "call_";
constexpr std::string_view entry_prefix = "entry_";
constexpr std::string_view generic_call = "generic";
constexpr uint16_t statsd_port = 8125;

/// What libbpf said about the failure that came last.
std::string complaint;

int collect(libbpf_print_level level, const char* format, va_list arguments) {
  if (level != LIBBPF_WARN) return 0;
  char line[2048];
  const int size = std::vsnprintf(line, sizeof(line), format, arguments);
  if (size > 0 && complaint.size() < 16384) complaint += line;
  return size;
}

int native_number(const schema::Syscall& call) {
#if defined(__x86_64__)
  return call.x86_64;
#else
  return call.aarch64;
#endif
}

bool is_lifecycle(std::string_view call) {
  constexpr std::string_view calls[] = {"clone", "clone3", "fork", "vfork"};
  return std::ranges::find(calls, call) != std::end(calls);
}

/// First line of the verifier's last words, or of libbpf's.
std::string summary_of_complaint() {
  std::string_view text = complaint;
  const size_t end = text.find('\n');
  return std::string(text.substr(0, end));
}

std::string reason_of(int error) {
  if (auto reason = reason_of_refusal(read_host_facts(), error)) return *std::move(reason);
  const std::string said = summary_of_complaint();
  return fmt::format("{}{}{}", std::strerror(error), said.empty() ? "" : ": ", said);
}

Error cannot(std::string_view what, int error) {
  return Error{fmt::format("cannot {} the probe: {}", what, reason_of(error))};
}

template <class T>
Result<void> set_constants(bpf_object* object, const char* section, const T& value) {
  bpf_map* map = bpf_object__find_map_by_name(object, section);
  if (bpf_map__set_initial_value(map, &value, sizeof(value)) != 0)
    return fail(cannot("configure", errno));
  return {};
}

}  // namespace

Result<std::unique_ptr<Probe>> Probe::load(const ProbeOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  auto probe = std::make_unique<Probe>(options);
  libbpf_set_print(collect);
  complaint.clear();
  for (const auto step : {&Probe::open, &Probe::configure, &Probe::load_object, &Probe::map_marks,
                          &Probe::make_rings, &Probe::fill_calls, &Probe::attach})
    if (auto done = (probe.get()->*step)(); !done) return fail(done.error());
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  probe->load_ms_ = taken.count();
  return probe;
}

Probe::~Probe() {
  for (bpf_link* link : links_) bpf_link__destroy(link);
  if (control_ != nullptr) ::munmap(control_, control_bytes_);
  if (!marks_.empty()) ::munmap(marks_.data(), marks_.size_bytes());
  for (size_t i = 0; i + 1 < rings_.size(); ++i) ::close(rings_[i]);
  if (object_ != nullptr) bpf_object__close(object_);
}

Result<void> Probe::open() {
  // Before 5.11 maps counted as locked memory; where this fails nothing is lost on later kernels.
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  ::setrlimit(RLIMIT_MEMLOCK, &unlimited);
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 0) return fail(cannot("open", -cpus));
  cpus_ = static_cast<uint32_t>(cpus);
  if (cpus_ > max_cpus)
    return fail(fmt::format("cannot use the probe: {} CPUs are more than {}", cpus_,
                            static_cast<int>(max_cpus)));
  // Named, so that libbpf does not look for types in the BTF of modules: that needs CAP_SYS_ADMIN.
  bpf_object_open_opts how{};
  how.sz = sizeof(how);
  how.btf_custom_path = "/sys/kernel/btf/vmlinux";
  object_ = bpf_object__open_mem(object_bytes, sizeof(object_bytes), &how);
  if (object_ == nullptr) return fail(cannot("open", errno));
  choose_programs();
  return {};
}

bool Probe::is_call_wanted(size_t code) const {
  return !options_.calls || options_.calls->test(code) || options_.state_calls.test(code);
}

/// The generic program is for calls without one of their own.
bool Probe::is_wanted_for_call(std::string_view call) const {
  const auto has_program = [&](std::string_view name) {
    const std::string program = fmt::format("{}{}", call_prefix, name);
    return bpf_object__find_program_by_name(object_, program.c_str()) != nullptr;
  };
  for (size_t code = 0; code < schema::syscalls.size(); ++code) {
    const std::string_view name = schema::syscalls[code].name;
    if (!is_call_wanted(code)) continue;
    if (call == generic_call ? !has_program(name) : name == call) return true;
  }
  return false;
}

bool Probe::is_wanted(std::string_view name) const {
  if (name.starts_with(call_prefix)) return is_wanted_for_call(name.substr(call_prefix.size()));
  if (name.starts_with(entry_prefix))
    return options_.latency && is_wanted_for_call(name.substr(entry_prefix.size()));
  if (name == "name_changes")
    return options_.conditions && options_.conditions->name.use != all_pass;
  if (name == "tree_grows") return options_.only_tree;
  if (name == "enter_any") return options_.latency;
  if (name.starts_with("switch_")) return options_.switches;
  if (name.starts_with("page_fault_")) return options_.page_faults;
  if (name.starts_with("signal_")) return options_.signals;
  if (name.starts_with("io_uring_")) return options_.io_uring;
  return true;
}

namespace {

const btf_type* pointed_to(const btf* kernel, uint32_t id) {
  const btf_type* type = btf__type_by_id(kernel, id);
  return type != nullptr && btf_is_ptr(type) ? btf__type_by_id(kernel, type->type) : nullptr;
}

/// Whether the kernel has the tracepoint in the form that our program takes.
bool has_tracepoint(const btf* kernel, std::string_view tracepoint) {
  if (kernel == nullptr) return true;
  const std::string name = fmt::format("btf_trace_{}", tracepoint);
  const int id = btf__find_by_name_kind(kernel, name.c_str(), BTF_KIND_TYPEDEF);
  if (id <= 0) return false;
  if (tracepoint != "io_uring_complete") return true;
  // Before 6.13 it had the parts of the completion, and not the same ones in all versions.
  const btf_type* form =
      pointed_to(kernel, btf__type_by_id(kernel, static_cast<uint32_t>(id))->type);
  const uint16_t parameters = form != nullptr && btf_is_func_proto(form) ? btf_vlen(form) : 0;
  if (parameters == 0) return false;
  const btf_type* last = pointed_to(kernel, btf_params(form)[parameters - 1].type);
  return last != nullptr &&
         std::string_view(btf__name_by_offset(kernel, last->name_off)) == "io_uring_cqe";
}

}  // namespace

/// Programs for tracepoints that the running kernel does not have are left out, too.
void Probe::choose_programs() {
  btf* kernel = btf__load_vmlinux_btf();
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object_) {
    const std::string_view section = bpf_program__section_name(program);
    const std::string_view tracepoint = section.substr(section.find('/') + 1);
    const bool exists = has_tracepoint(kernel, tracepoint);
    const bool wanted = is_wanted(bpf_program__name(program));
    if (wanted && !exists && std::ranges::find(lacking_, tracepoint) == lacking_.end())
      lacking_.emplace_back(tracepoint);
    if (wanted && exists)
      ++programs_;
    else
      bpf_program__set_autoload(program, false);
  }
  direct_reads_ =
      kernel != nullptr && btf__find_by_name_kind(kernel, "bpf_rdonly_cast", BTF_KIND_FUNC) > 0;
  btf__free(kernel);
}

Result<void> Probe::configure() {
  boot_to_epoch_ = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME);
  probe_config config{};
  config.boot_to_epoch = boot_to_epoch_;
  config.own_tgid = options_.with_self ? 0 : static_cast<uint32_t>(::getpid());
  config.snaplen = options_.snaplen;
  config.dynamic_snaplen = options_.dynamic_snaplen ? 1 : 0;
  config.full_port_first = options_.full_port_first;
  config.full_port_last = options_.full_port_last;
  config.statsd_port = statsd_port;
  config.latency = config.trusted = options_.latency ? 1 : 0;
  config.compat = read_host_facts().runs_32_bit ? 1 : 0;
  config.only_tree = options_.only_tree ? 1 : 0;
  config.direct_reads = direct_reads_ ? 1 : 0;
  config.conditions = options_.conditions ? 1 : 0;
  config.marks = options_.marks ? 1 : 0;
  const filter_config filter = options_.conditions.value_or(filter_config{});
  if (auto set = set_constants(object_, ".rodata.config", config); !set) return set;
  if (auto set = set_constants(object_, ".rodata.filter", filter); !set) return set;
  if (filter.name.use == all_pass)
    bpf_map__set_max_entries(bpf_object__find_map_by_name(object_, "names_before"), 1);
  for (const char* map : {"marks", "programs_begun"})
    bpf_map__set_max_entries(bpf_object__find_map_by_name(object_, map),
                             options_.marks ? static_cast<uint32_t>(mark_slots) : 1);
  bpf_map__set_max_entries(bpf_object__find_map_by_name(object_, "scratch"), cpus_);
  bpf_map__set_max_entries(bpf_object__find_map_by_name(object_, "rings"), cpus_);
  bpf_map__set_max_entries(bpf_object__find_map_by_name(object_, "lifecycle_ring"),
                           static_cast<uint32_t>(options_.lifecycle_bytes));
  return {};
}

Result<void> Probe::load_object() {
  if (const int status = bpf_object__load(object_); status != 0)
    return fail(cannot("load", -status));
  const int fd = bpf_map__fd(bpf_object__find_map_by_name(object_, ".bss.control"));
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  control_bytes_ = (sizeof(probe_control) + page - 1) / page * page;
  void* mapped = ::mmap(nullptr, control_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped == MAP_FAILED) return fail(cannot("control", errno));
  control_ = static_cast<probe_control*>(mapped);
  return {};
}

/// Shared with the programs: marking a thread is a store.
Result<void> Probe::map_marks() {
  if (!options_.marks) return {};
  const int fd = bpf_map__fd(bpf_object__find_map_by_name(object_, "marks"));
  void* mapped =
      ::mmap(nullptr, mark_slots * sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped == MAP_FAILED) return fail(cannot("control", errno));
  marks_ = {static_cast<uint64_t*>(mapped), mark_slots};
  return {};
}

Result<void> Probe::make_rings() {
  const int outer = bpf_map__fd(bpf_object__find_map_by_name(object_, "rings"));
  for (uint32_t cpu = 0; cpu < cpus_; ++cpu) {
    const int ring = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring", 0, 0,
                                    static_cast<uint32_t>(options_.ring_bytes), nullptr);
    if (ring < 0) return fail(cannot("make the rings of", errno));
    rings_.push_back(ring);
    if (bpf_map_update_elem(outer, &cpu, &ring, BPF_ANY) != 0)
      return fail(cannot("connect the rings of", errno));
  }
  rings_.push_back(bpf_map__fd(bpf_object__find_map_by_name(object_, "lifecycle_ring")));
  return {};
}

Result<void> Probe::fill_call(int number, const bpf_program* program, u8 wish) {
  const int table = bpf_map__fd(bpf_object__find_map_by_name(object_, "calls"));
  const int fd = bpf_program__fd(program);
  if (fd < 0 || bpf_map_update_elem(table, &number, &fd, BPF_ANY) != 0)
    return fail(cannot("fill the table of", errno));
  control_->wanted[number] = wish;
  return {};
}

/// Numbers that no call is known to have, and the one that stands for all that are higher.
Result<void> Probe::fill_unknown_calls(const bpf_program* generic) {
  constexpr size_t unknown_code = 0;
  if (!is_call_wanted(unknown_code)) return {};
  std::array<bool, max_syscalls> known{};
  for (const schema::Syscall& call : schema::syscalls) {
    const int number = native_number(call);
    if (number >= 0 && number < max_syscalls) known[static_cast<size_t>(number)] = true;
  }
  for (size_t number = 0; number < max_syscalls; ++number) {
    if (known[number]) continue;
    if (auto filled = fill_call(static_cast<int>(number), generic, wanted_native); !filled)
      return filled;
  }
  return {};
}

/// The program of each call that is wanted, by its number on this machine.
Result<void> Probe::fill_calls() {
  const bpf_program* generic = bpf_object__find_program_by_name(object_, "call_generic");
  if (auto filled = fill_unknown_calls(generic); !filled) return filled;
  for (size_t code = 0; code < schema::syscalls.size(); ++code) {
    const schema::Syscall& call = schema::syscalls[code];
    const int number = native_number(call);
    if (number < 0 || number >= max_syscalls) continue;
    if (!is_call_wanted(code)) continue;
    const std::string name = fmt::format("{}{}", call_prefix, call.name);
    const bpf_program* program = bpf_object__find_program_by_name(object_, name.c_str());
    if (program == nullptr) program = generic;
    u8 wish = wanted_native;
    if (enters(number, std::string(call.name))) wish |= wanted_enter;
    if (is_lifecycle(call.name)) wish |= wanted_lifecycle;
    if (options_.state_calls.test(code)) wish |= wanted_always;
    if (auto filled = fill_call(number, program, wish); !filled) return filled;
  }
  wish_for_compat_calls();
  return {};
}

/// Whether there is a program for where the call is entered, which it then puts into its table.
bool Probe::enters(int number, const std::string& call) {
  const std::string name = fmt::format("{}{}", entry_prefix, call);
  const bpf_program* program = bpf_object__find_program_by_name(object_, name.c_str());
  if (program == nullptr || !options_.latency) return false;
  const int fd = bpf_program__fd(program);
  const int table = bpf_map__fd(bpf_object__find_map_by_name(object_, "entries"));
  return fd >= 0 && bpf_map_update_elem(table, &number, &fd, BPF_ANY) == 0;
}

/// 32-bit programs have other numbers for the calls that are wanted.
void Probe::wish_for_compat_calls() {
  size_t size = 0;
  bpf_map* map = bpf_object__find_map_by_name(object_, ".rodata.native_of_i386");
  const auto* native =
      map == nullptr ? nullptr : static_cast<const u16*>(bpf_map__initial_value(map, &size));
  if (native == nullptr) return;
  constexpr u8 native_wishes = wanted_native | wanted_enter | wanted_lifecycle | wanted_always;
  for (size_t number = 0; number < std::min<size_t>(size / sizeof(u16), max_syscalls); ++number) {
    constexpr size_t socketcall = 102, ipc = 117;  // many calls in one
    const bool any = number == socketcall || number == ipc;
    const u8 wish = native[number] < max_syscalls
                        ? static_cast<u8>(control_->wanted[native[number]] & native_wishes)
                        : 0;
    if (any || wish != 0) control_->wanted[number] |= wanted_compat;
    if (any || (wish & wanted_enter) != 0) control_->wanted[number] |= wanted_compat_enter;
    if (any || (wish & wanted_always) != 0) control_->wanted[number] |= wanted_compat_always;
  }
}

Result<void> Probe::attach() {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object_) {
    const std::string_view name = bpf_program__name(program);
    if (name.starts_with(call_prefix) || name.starts_with(entry_prefix)) continue;
    if (!bpf_program__autoload(program)) continue;
    bpf_link* link = bpf_program__attach(program);
    if (link == nullptr) return fail(cannot("attach", errno));
    links_.push_back(link);
  }
  return {};
}

void Probe::switch_to(probe_phase phase) {
  __atomic_store_n(&control_->phase, static_cast<u32>(phase), __ATOMIC_RELEASE);
}

namespace {

/// Whether process ids here are those that the kernel's tracepoints give.
bool in_initial_pid_namespace() {
  constexpr ino_t initial = 0xeffffffc;  // PROC_PID_INIT_INO
  struct stat facts {};
  return ::stat("/proc/self/ns/pid", &facts) != 0 || facts.st_ino == initial;
}

}  // namespace

Result<void> Probe::watch(int64_t pid, bool from_exec) {
  if (!in_initial_pid_namespace())
    return fail("single processes can be captured from the initial pid namespace only");
  const int map = bpf_map__fd(bpf_object__find_map_by_name(object_, "tree"));
  const auto key = static_cast<u32>(pid);
  const u32 value = from_exec ? 1 : 2;
  if (bpf_map_update_elem(map, &key, &value, BPF_ANY) != 0)
    return fail(cannot("name a process to", errno));
  __atomic_fetch_add(&control_->members, 1, __ATOMIC_RELAXED);
  return {};
}

bool Probe::is_watched(int64_t pid) const {
  if (!options_.with_self && pid == ::getpid()) return false;
  if (!options_.only_tree) return true;
  const int map = bpf_map__fd(bpf_object__find_map_by_name(object_, "tree"));
  const auto key = static_cast<u32>(pid);
  u32 value = 0;
  return bpf_map_lookup_elem(map, &key, &value) == 0 && value == 2;
}

uint64_t Probe::members() const { return __atomic_load_n(&control_->members, __ATOMIC_RELAXED); }

}  // namespace gyr
