// thread.*: what threads of a process do not share.
#include <algorithm>

#include "filter/fields/memory.hpp"
#include "filter/fields/registry.hpp"
#include "filter/fields/threads.hpp"
#include "schema_params.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;
namespace type = schema::type;

bool is_switch(uint16_t id) {
  return id == type::schedswitch_1_enter || id == type::schedswitch_6_enter;
}
bool is_procinfo(uint16_t id) { return id == type::procinfo_enter; }

bool tid(const Site& site, Extraction& out) { return out.set_signed(site.event.raw().tid); }

bool is_main(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && out.set_number(thread->is_main() || thread->is_placeholder());
}

bool nametid(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  out.compose().append(thread->comm).append_dec(thread->tid);
  return true;
}

// ---- capabilities ----

const schema::FlagTable& capability_names() {
  static const schema::FlagTable& table =
      *std::find_if(schema::flag_tables.begin(), schema::flag_tables.end(),
                    [](const auto& candidate) { return candidate.name == "capabilities"; });
  return table;
}

template <auto member>
bool capabilities(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  Text& text = out.compose();
  for (const schema::FlagName& capability : capability_names().names) {
    if ((thread->*member >> capability.value & 1u) == 0) continue;
    if (!text.empty()) text.append(' ');
    text.append(capability.name);
  }
  return true;
}

// ---- control groups ----

struct ControlGroup {
  std::string_view subsystem, path;
};

/// The name that a subsystem goes by, whatever its writer called it.
std::string_view subsystem_name(std::string_view name) {
  constexpr std::string_view suffix = "_cgroup";
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  if (name == "perf") return "perf_event";
  if (name == "mem") return "memory";
  if (name == "io") return "blkio";
  return name;
}

/// False at the end, or where the list is damaged.
bool next_cgroup(Words& words, ControlGroup& group) {
  std::string_view word;
  if (!words.next(word)) return false;
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  group = {subsystem_name(word.substr(0, equals)), word.substr(equals + 1)};
  return true;
}

bool cgroups(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  Words words(thread->cgroups.view());
  ControlGroup group;
  if (!next_cgroup(words, group)) return false;
  Text& text = out.compose();
  do {
    if (!text.empty()) text.append(' ');
    text.append(group.subsystem).append('=').append(group.path);
  } while (next_cgroup(words, group));
  return true;
}

bool cgroup(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  Words words(thread->cgroups.view());
  ControlGroup group;
  while (next_cgroup(words, group))
    if (group.subsystem == site.argument.text) return out.set_text(group.path);
  return false;
}

// ---- CPU time ----

/// Nanoseconds since the switch before on the same CPU.
uint64_t time_slice(const Site& site) {
  if (!is_switch(site.event.raw().type)) return 0;
  const uint64_t now = site.event.raw().ts;
  uint64_t* last_switch = KeyedMemory<1>(site.memory).of_cpu(site.event.raw().cpu);
  const uint64_t before = std::exchange(*last_switch, now);
  return before != 0 && now > before ? now - before : 0;
}

bool exectime(const Site& site, Extraction& out) { return out.set_number(time_slice(site)); }

bool totexectime(const Site& site, Extraction& out) {
  const uint64_t slice = time_slice(site);
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  return out.set_number(*KeyedMemory<1>(site.memory).of_thread(*thread) += slice);
}

struct Ticks {
  uint64_t user = 0, system = 0;
};

Ticks ticks(const Event& event) {
  namespace procinfo = schema::param::procinfo_enter;
  return {event.get(procinfo::cpu_usr), event.get(procinfo::cpu_sys)};
}

/// Hundredths of a second of CPU time since the thread's procinfo event before, which was about a
/// second ago: a percentage.
template <bool user, bool system>
bool cpu(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr || !is_procinfo(site.event.raw().type)) return false;
  const Ticks now = ticks(site.event);
  const uint64_t sum = (user ? now.user : 0) + (system ? now.system : 0);
  uint64_t* memory = KeyedMemory<2>(site.memory).of_thread(*thread);
  const bool seen = std::exchange(memory[0], 1) != 0;
  const uint64_t before = std::exchange(memory[1], sum);
  const uint64_t used = seen && sum > before ? sum - before : 0;
  return out.set_double(static_cast<double>(std::min<uint64_t>(used, 100)));
}

// ---- memory ----

/// Threads share it: counted once, for the main thread.
template <auto member, uint64_t unit>
bool memory_of_main(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  const bool counts = thread->process && thread->is_main();
  return out.set_number(counts ? (*thread->process).*member * unit : 0);
}

constexpr Field fields[] = {
    {.name = "thread.tid",
     .type = ParamType::int64,
     .flags = of_program,
     .extract = tid,
     .doc = "Thread id."},
    {.name = "thread.vtid",
     .type = ParamType::int64,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = known_id_of_thread<&Thread::vtid>,
     .doc = "Thread id in the thread's own pid namespace."},
    {.name = "thread.ismain",
     .type = ParamType::boolean,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = is_main,
     .doc = "Whether the thread is the main thread of its process."},
    {.name = "thread.nametid",
     .flags = of_program,
     .depends = Depends::thread,
     .extract = nametid,
     .doc = "Name and thread id in one text."},
    {.name = "thread.cap_permitted",
     .depends = Depends::thread,
     .extract = capabilities<&Thread::cap_permitted>,
     .doc = "Names of the capabilities that the thread may make use of."},
    {.name = "thread.cap_inheritable",
     .depends = Depends::thread,
     .extract = capabilities<&Thread::cap_inheritable>,
     .doc = "Names of the capabilities that the programs it starts may get."},
    {.name = "thread.cap_effective",
     .depends = Depends::thread,
     .extract = capabilities<&Thread::cap_effective>,
     .doc = "Names of the capabilities that the kernel checks."},
    {.name = "thread.cgroups",
     .flags = of_program,
     .depends = Depends::thread,
     .extract = cgroups,
     .doc = "All control groups of the thread, as subsystem=path."},
    {.name = "thread.cgroup",
     .flags = arg_required | arg_dotted | of_program,
     .depends = Depends::thread,
     .extract = cgroup,
     .doc = "The control group of one subsystem: thread.cgroup.cpuacct."},
    {.name = "thread.exectime",
     .type = ParamType::reltime,
     .flags = stateful,
     .extract = exectime,
     .doc = "Of a switch: nanoseconds that the thread which now leaves the CPU was on it."},
    {.name = "thread.totexectime",
     .type = ParamType::reltime,
     .flags = stateful,
     .extract = totexectime,
     .doc = "Sum of thread.exectime of this thread."},
    {.name = "thread.cpu",
     .type = ParamType::float64,
     .flags = stateful,
     .applies = is_procinfo,
     .extract = cpu<true, true>,
     .doc = "CPU time of the thread in the last second, in percent; only procinfo events have it."},
    {.name = "thread.cpu.user",
     .type = ParamType::float64,
     .flags = stateful,
     .applies = is_procinfo,
     .extract = cpu<true, false>,
     .doc = "The part of thread.cpu that was spent in the program."},
    {.name = "thread.cpu.system",
     .type = ParamType::float64,
     .flags = stateful,
     .applies = is_procinfo,
     .extract = cpu<false, true>,
     .doc = "The part of thread.cpu that was spent in the kernel."},
    {.name = "thread.vmsize",
     .type = ParamType::uint64,
     .extract = memory_of_main<&Process::vmsize_kb, 1>,
     .doc = "Virtual memory of the process in KiB if the thread is the main one, else 0."},
    {.name = "thread.vmrss",
     .type = ParamType::uint64,
     .extract = memory_of_main<&Process::vmrss_kb, 1>,
     .doc = "Resident memory of the process in KiB if the thread is the main one, else 0."},
    {.name = "thread.vmsize.b",
     .type = ParamType::uint64,
     .extract = memory_of_main<&Process::vmsize_kb, 1024>,
     .doc = "thread.vmsize in bytes."},
    {.name = "thread.vmrss.b",
     .type = ParamType::uint64,
     .extract = memory_of_main<&Process::vmrss_kb, 1024>,
     .doc = "thread.vmrss in bytes."},
    {.name = "thread.pfmajor",
     .type = ParamType::uint64,
     .extract = number_of_thread<&Thread::pfmajor>,
     .doc = "Page faults of the thread that had to read from disk."},
    {.name = "thread.pfminor",
     .type = ParamType::uint64,
     .extract = number_of_thread<&Thread::pfminor>,
     .doc = "Page faults of the thread that did not."},
};

}  // namespace

FieldClass thread_fields() {
  return {"thread", "Threads", "The thread that the event is of, as far as threads differ.",
          fields};
}

}  // namespace gyr::filter
