// What `gyr info` knows of a trace, gathered in one pass.
//
// Purpose: everything that can be counted without decoding: no state is kept, no value rendered, so
// that the pass runs about as fast as the trace decompresses.
//
// Contract: counts are exact, but for distinct threads beyond `DistinctIds::limit` and machines
// beyond `max_machines`. Memory is bounded whatever the trace. When the trace is damaged, `error`
// says so and the facts are those of what came before.
//
// Example:
//   auto reader = TraceReader::open("t.scap");
//   TraceFacts facts = gather_facts(**reader);
//   fmt::print("{} events\n", facts.stats.event_blocks);
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "capture/file/reader.hpp"

namespace gyr {

/// Positive ids (threads, processes), each counted once. Ids beyond the limit are not taken in.
class DistinctIds {
 public:
  static constexpr size_t limit = 1'000'000;

  /// True when the id is new.
  bool add(int64_t id) {
    int64_t& recent = recent_[static_cast<size_t>(id) % recent_.size()];
    if (recent == id || id <= 0) return false;
    recent = id;
    return !full() && ids_.insert(id).second;
  }
  bool has(int64_t id) const { return ids_.count(id) != 0; }
  size_t size() const { return ids_.size(); }
  bool full() const { return ids_.size() >= limit; }

 private:
  std::array<int64_t, 1024> recent_{};  // saves most look-ups
  std::unordered_set<int64_t> ids_;
};

struct MachineFacts {
  std::string hostname;
  uint32_t cpus = 0;
  uint64_t memory_bytes = 0;
  uint64_t boot_ts = 0;  // ns since the epoch, 0 = not recorded

  bool operator==(const MachineFacts&) const = default;
};

/// The state that the first section begins with.
struct SnapshotFacts {
  uint64_t threads = 0, processes = 0, fds = 0, users = 0, groups = 0, interfaces = 0;
};

/// What gap events say: events that were lost, added up. Apart from them, parameters that are
/// missing in events that are there.
struct LossFacts {
  static constexpr size_t max_cpus = 4096;

  uint64_t unread = 0;  // parameters whose page was not there

  uint64_t gaps = 0, events = 0;
  uint64_t first_ts = 0, last_ts = 0;   // ns; 0: not said
  std::map<uint8_t, uint64_t> reasons;  // events by value of gap_reasons
  std::map<int32_t, uint64_t> cpus;     // events; -1: of no CPU that is known, or of too many
};

/// One row of the table of events: all versions of an event together, generic calls by name.
struct TypeCount {
  std::string_view name;
  bool is_enter = false;
  uint64_t count = 0;
};

struct TraceFacts {
  static constexpr size_t max_machines = 16;

  TraceStats stats;
  uint64_t file_bytes = 0;
  uint64_t uncompressed_bytes = 0;           // that were read
  uint64_t event_bytes = 0;                  // of these, event blocks
  std::string comment, application, system;  // options of the section header; mostly empty
  std::vector<MachineFacts> machines;        // one after the other, equal ones once
  SnapshotFacts snapshot;

  uint64_t first_ts = 0, last_ts = 0;          // of events that are shown, ns; 0 without
  uint64_t state_only = 0;                     // events for building state, never shown
  uint64_t internal = 0;                       // events shown with -D only
  uint64_t threads_seen = 0, threads_new = 0;  // with events; of these, not in a snapshot
  bool threads_complete = true;
  uint64_t execs = 0;  // that succeeded

  LossFacts lost;
  uint64_t sampling_pauses = 0;
  uint32_t sampling_ratio = 0;  // the highest; 0 = none
  uint64_t unknown_events = 0;
  std::map<uint16_t, uint64_t> unknown_types;  // by their ids in files
  uint64_t newer_events = 0;                   // with more parameters than the schema has
  std::vector<TypeCount> types;                // falling by count
  std::optional<Error> error;

  uint64_t duration_ns() const { return last_ts - first_ts; }
};

/// "RING_FULL", or the number.
std::string gap_reason_name(uint8_t reason);

/// Reads the trace to its end.
TraceFacts gather_facts(TraceReader& reader);

}  // namespace gyr
