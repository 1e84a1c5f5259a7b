#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/info.hpp"

namespace gyr {

namespace {

using Json = nlohmann::ordered_json;

constexpr InfoKeyRow key_rows[] = {
    {"file", "the name as given"},
    {"format", "version; compression (none, gzip or zstd)"},
    {"size", "file; uncompressed"},
    {"sections", "how many traces were joined into this one"},
    {"machines", "of each: hostname, cpus, memory, boot_time or null"},
    {"kernel", "what the section header says about the system, or null"},
    {"comment", "in the section header, or null"},
    {"application", "that wrote the section header, or null"},
    {"from", "time of the earliest event, or null"},
    {"to", "time of the latest event, or null"},
    {"events", "total; of these state_only and internal; bytes; option_bytes"},
    {"snapshot",
     "at the start of the first section: threads, processes, fds, users, groups, interfaces"},
    {"seen",
     "threads that have events; new_threads, not in a snapshot; complete, false when there are "
     "more; execs that succeeded"},
    {"lost",
     "sampling_pauses of the recording; sampling_ratio or null; events that were lost; gaps, in "
     "which they were; from and to, or null; reasons and cpus with their events; unread, the "
     "parameters whose memory was not there, in events that are not lost"},
    {"unknown",
     "events of unknown type; types and blocks with their counts; newer_events, with more "
     "parameters than are known"},
    {"types", "with -v, falling: name, direction (enter or exit), count"},
    {"error",
     "null, or offset in the uncompressed trace (or null) and message; without a section header "
     "there are only file and error"},
};

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }
Json number_or_null(uint64_t number) { return number == 0 ? Json() : Json(number); }

Json machines_json(const TraceFacts& facts) {
  Json list = Json::array();
  for (const MachineFacts& m : facts.machines)
    list.push_back({{"hostname", m.hostname},
                    {"cpus", m.cpus},
                    {"memory", m.memory_bytes},
                    {"boot_time", number_or_null(m.boot_ts)}});
  return list;
}

Json snapshot_json(const SnapshotFacts& s) {
  return {{"threads", s.threads}, {"processes", s.processes}, {"fds", s.fds},
          {"users", s.users},     {"groups", s.groups},       {"interfaces", s.interfaces}};
}

Json unknown_json(const TraceFacts& facts) {
  Json types = Json::object(), blocks = Json::object();
  for (const auto& [type, count] : facts.unknown_types) types[fmt::format("{}", type)] = count;
  for (const auto& [type, count] : facts.stats.unknown_blocks)
    blocks[fmt::format("{:#x}", type)] = count;
  return {{"events", facts.unknown_events},
          {"types", types},
          {"blocks", blocks},
          {"newer_events", facts.newer_events}};
}

Json lost_json(const TraceFacts& facts) {
  const LossFacts& lost = facts.lost;
  Json reasons = Json::object(), cpus = Json::object();
  for (const auto& [reason, events] : lost.reasons) reasons[gap_reason_name(reason)] = events;
  for (const auto& [cpu, events] : lost.cpus) cpus[fmt::format("{}", cpu)] = events;
  return {{"sampling_pauses", facts.sampling_pauses},
          {"sampling_ratio", number_or_null(facts.sampling_ratio)},
          {"events", lost.events},
          {"gaps", lost.gaps},
          {"from", number_or_null(lost.first_ts)},
          {"to", number_or_null(lost.last_ts)},
          {"reasons", reasons},
          {"cpus", cpus},
          {"unread", lost.unread}};
}

Json types_json(const TraceFacts& facts) {
  Json list = Json::array();
  for (const TypeCount& row : facts.types)
    list.push_back(
        {{"name", row.name}, {"direction", row.is_enter ? "enter" : "exit"}, {"count", row.count}});
  return list;
}

Json error_json(const TraceFacts& facts) {
  if (!facts.error) return {};
  Json offset;
  if (facts.error->offset) offset = *facts.error->offset;
  return {{"offset", offset}, {"message", facts.error->message}};
}

void append_facts(Json& json, const TraceFacts& facts, bool with_types) {
  const TraceStats& stats = facts.stats;
  json["format"] = {
      {"version", fmt::format("{}.{}", stats.major_version, stats.minor_version)},
      {"compression", codec_name(stats.codec)},
  };
  json["size"] = {{"file", facts.file_bytes}, {"uncompressed", facts.uncompressed_bytes}};
  json["sections"] = stats.sections;
  json["machines"] = machines_json(facts);
  json["kernel"] = text_or_null(facts.system);
  json["comment"] = text_or_null(facts.comment);
  json["application"] = text_or_null(facts.application);
  json["from"] = number_or_null(facts.first_ts);
  json["to"] = number_or_null(facts.last_ts);
  json["events"] = {{"total", stats.event_blocks},
                    {"state_only", facts.state_only},
                    {"internal", facts.internal},
                    {"bytes", facts.event_bytes},
                    {"option_bytes", stats.option_bytes}};
  json["snapshot"] = snapshot_json(facts.snapshot);
  json["seen"] = {{"threads", facts.threads_seen},
                  {"new_threads", facts.threads_new},
                  {"complete", facts.threads_complete},
                  {"execs", facts.execs}};
  json["lost"] = lost_json(facts);
  json["unknown"] = unknown_json(facts);
  if (with_types) json["types"] = types_json(facts);
}

}  // namespace

std::span<const InfoKeyRow> info_json_keys() { return key_rows; }

std::string info_json(const std::string& trace, const TraceFacts& facts, bool with_types) {
  Json json;
  json["file"] = trace;
  if (facts.stats.sections != 0) append_facts(json, facts, with_types);
  json["error"] = error_json(facts);
  constexpr int one_line = -1;
  return json.dump(one_line, ' ', false, Json::error_handler_t::replace);
}

}  // namespace gyr
