#include "cli/info_facts.hpp"

#include <algorithm>
#include <utility>

#include "capture/file/gap_event.hpp"
#include "decoder/traits.hpp"
#include "schema/schema.hpp"
#include "schema_params.hpp"

namespace gyr {

namespace {

/// What the metadata blocks say.
class RecordCounter final : public RecordSink {
 public:
  void section() override { ++sections_; }
  void machine(const MachineInfo& m) override {
    MachineFacts machine{std::string(m.hostname), m.cpus, m.memory_bytes, m.boot_ts};
    if (machines_.size() < TraceFacts::max_machines &&
        std::find(machines_.begin(), machines_.end(), machine) == machines_.end())
      machines_.push_back(std::move(machine));
  }
  void interfaces_begin() override {
    if (sections_ == 1) counts_.interfaces = 0;
  }
  void interface(const InterfaceRecord&) override { counts_.interfaces += sections_ == 1; }
  void users_begin() override {
    if (sections_ == 1) counts_.users = counts_.groups = 0;
  }
  void user(const UserRecord& r) override {
    (r.is_group ? counts_.groups : counts_.users) += sections_ == 1;
  }
  void thread(const ThreadRecord& r) override {
    const bool is_new = threads_.add(r.tid);
    if (sections_ != 1) return;
    counts_.threads += is_new;
    counts_.processes += processes_.add(r.pid);
  }
  void fd(int64_t, const FdRecord&) override { counts_.fds += sections_ == 1; }

  uint64_t sections() const { return sections_; }
  /// Threads in any snapshot so far.
  const DistinctIds& threads() const { return threads_; }
  void finish(TraceFacts& facts) {
    facts.machines = std::move(machines_);
    facts.snapshot = counts_;
  }

 private:
  uint64_t sections_ = 0;
  std::vector<MachineFacts> machines_;
  SnapshotFacts counts_;
  DistinctIds threads_, processes_;
};

/// What is looked at in an event beyond its header.
enum class Look : uint8_t { nothing, generic, exec, sampling_pause, gap, internal };

Look look_of(uint32_t type) {
  const schema::Event& event = schema::events[type];
  const bool is_exec = event.name == "execve" || event.name == "execveat";
  if (type <= schema::type::generic_exit) return Look::generic;
  if (type == schema::type::drop_enter) return Look::sampling_pause;
  if (type == schema::type::gap_exit) return Look::gap;
  if (is_exec && !schema::is_enter(type)) return Look::exec;
  return event.category == schema::Category::internal ? Look::internal : Look::nothing;
}

/// A parameter of a fixed-size type; zero when it is not there.
template <class T>
T param_value(const RawEvent& event, uint32_t index) {
  const std::byte* at = event.data;
  if (index >= event.nparams) return T{};
  for (uint32_t i = 0; i < index; ++i) at += event.param_size(i);
  return event.param_size(index) < sizeof(T) ? T{} : load<T>(at);
}

template <class T>
T param_value(const RawEvent& event, schema::Field<T> field) {
  return param_value<T>(event, field.index);
}

/// The row in schema::syscalls that a generic event is about.
size_t syscall_of(const RawEvent& event) {
  namespace generic = schema::param::generic_enter;
  const auto code = param_value(event, generic::ID);
  if (code != 0) return code;
  const auto native = param_value(event, generic::nativeID);
  const schema::Syscall* call = schema::syscall_by_x86_64(native);
  return call != nullptr ? static_cast<size_t>(call - schema::syscalls.data()) : 0;
}

class EventCounter {
 public:
  EventCounter() {
    facts_.first_ts = UINT64_MAX;
    for (uint32_t type = 0; type < schema::event_count; ++type) looks_[type] = look_of(type);
  }

  void count(const RawEvent& event, const RecordCounter& records) {
    const bool hidden = (event.flags & state_only) != 0;
    facts_.state_only += hidden;
    if (!hidden) count_time(event.ts);
    if (event.type >= schema::event_count || !traits_[event.type].known) {
      ++facts_.unknown_events;
      ++facts_.unknown_types[schema::id_in_file(event.type)];
      return;
    }
    ++types_[event.type];
    facts_.newer_events += event.nparams > schema::events[event.type].params.size();
    if (leading_ || records.sections() != section_)
      count_leading(traits_[event.type], records.sections());
    const Look look = looks_[event.type];
    if (look != Look::nothing) look_inside(event, look);
    const bool is_internal = look == Look::internal || look == Look::sampling_pause;
    if (!is_internal && threads_.add(event.tid))
      facts_.threads_new += !records.threads().has(event.tid);
  }

  TraceFacts finish() {
    facts_.threads_seen = threads_.size();
    facts_.threads_complete = !threads_.full();
    if (facts_.first_ts == UINT64_MAX) facts_.first_ts = 0;
    for (uint32_t type = 0; type < schema::event_count; ++type) {
      if (schema::events[type].category == schema::Category::internal)
        facts_.internal += types_[type];
    }
    facts_.types = rows();
    return std::move(facts_);
  }

 private:
  /// Events come nearly in order only; 0 and all ones stand for no time. Hidden ones can be
  /// repeated from long before.
  void count_time(uint64_t ts) {
    if (ts == 0 || ts == UINT64_MAX) return;
    facts_.first_ts = std::min(facts_.first_ts, ts);
    facts_.last_ts = std::max(facts_.last_ts, ts);
  }

  /// At the start of a section, what its writer knew; hidden as internal events are.
  void count_leading(const Traits& traits, uint64_t section) {
    if (section != section_) leading_ = true;
    section_ = section;
    leading_ = leading_ && traits.leads;
    facts_.internal += leading_;
  }

  void look_inside(const RawEvent& event, Look look) {
    if (look == Look::generic) {
      ++calls_[event.type][std::min<size_t>(syscall_of(event), schema::syscall_count)];
    } else if (look == Look::exec) {
      const bool has_result = event.nparams != 0 && event.param_size(0) == sizeof(int64_t);
      facts_.execs += has_result && param_value<int64_t>(event, 0) == 0;
    } else if (look == Look::sampling_pause) {
      const auto ratio = param_value(event, schema::param::drop_enter::ratio);
      ++facts_.sampling_pauses;
      facts_.sampling_ratio = std::max(facts_.sampling_ratio, ratio);
    } else if (look == Look::gap) {
      count_gap(event);
    }
  }

  void count_gap(const RawEvent& event) {
    namespace gap = schema::param::gap_exit;
    LossFacts& lost = facts_.lost;
    const auto count = param_value(event, gap::count);
    const uint8_t reason = param_value(event, gap::reason);
    if (reason == static_cast<uint8_t>(GapReason::page_not_resident)) {
      lost.unread += count;
      return;
    }
    const auto from = param_value(event, gap::from), to = param_value(event, gap::to);
    const auto cpu = param_value(event, gap::lost_cpu);
    const bool listed = lost.cpus.size() < LossFacts::max_cpus || lost.cpus.contains(cpu);
    ++lost.gaps;
    lost.events += count;
    lost.reasons[reason] += count;
    lost.cpus[listed ? cpu : -1] += count;
    if (from != 0 && (lost.first_ts == 0 || from < lost.first_ts)) lost.first_ts = from;
    lost.last_ts = std::max(lost.last_ts, to);
  }

  std::vector<TypeCount> rows() const {
    std::map<std::pair<std::string_view, bool>, uint64_t> by_name;  // true: exit
    for (uint32_t type = schema::type::generic_exit + 1; type < schema::event_count; ++type)
      by_name[{schema::events[type].name, !schema::is_enter(type)}] += types_[type];
    for (uint32_t type = 0; type <= schema::type::generic_exit; ++type) {
      const bool is_exit = !schema::is_enter(type);
      for (size_t call = 0; call < schema::syscall_count; ++call)
        by_name[{schema::syscalls[call].name, is_exit}] += calls_[type][call];
      by_name[{"unknown", is_exit}] += calls_[type][schema::syscall_count];
    }
    std::vector<TypeCount> rows;
    for (const auto& [key, count] : by_name) {
      if (count != 0) rows.push_back({key.first, !key.second, count});
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const TypeCount& a, const TypeCount& b) { return a.count > b.count; });
    return rows;
  }

  TraceFacts facts_;
  const Traits* traits_ = event_traits();
  uint64_t section_ = 0;
  bool leading_ = false;
  DistinctIds threads_;
  std::array<Look, schema::event_count> looks_{};
  std::array<uint64_t, schema::event_count> types_{};
  // Generic events by system call; the last entry is for calls that the schema does not know.
  std::array<std::array<uint64_t, schema::syscall_count + 1>, 2> calls_{};
};

/// pcapng options: code u16, length u16, value padded to a multiple of four; code 0 ends the list.
void read_section_options(TraceFacts& facts) {
  enum : uint16_t { end = 0, comment = 1, system = 3, application = 4 };
  Cursor options(as_bytes_of(facts.stats.section_options));
  while (options.left() != 0) {
    const auto code = options.take<uint16_t>();
    const std::string_view value = options.take_str16();
    options.skip(std::min(options.left(), (4 - value.size() % 4) % 4));
    if (!options.ok() || code == end) return;
    if (code == comment && facts.comment.empty()) facts.comment = value;
    if (code == system) facts.system = value;
    if (code == application) facts.application = value;
  }
}

}  // namespace

std::string gap_reason_name(uint8_t reason) {
  const schema::Event& gap = schema::events[schema::type::gap_exit];
  for (const schema::FlagName& name :
       gap.params[schema::param::gap_exit::reason.index].flags->names)
    if (name.value == reason) return std::string(name.name);
  return std::to_string(reason);
}

TraceFacts gather_facts(TraceReader& reader) {
  RecordCounter records;
  EventCounter events;
  RawEvent event;
  while (reader.next(event, records) == TraceReader::Step::event) events.count(event, records);
  TraceFacts facts = events.finish();
  records.finish(facts);
  facts.stats = reader.stats();
  facts.uncompressed_bytes = reader.offset();
  facts.event_bytes = reader.offset() - facts.stats.metadata_bytes;
  facts.file_bytes = reader.input().size() != 0 ? reader.input().size() : reader.input().position();
  facts.error = reader.error();
  read_section_options(facts);
  return facts;
}

}  // namespace gyr
