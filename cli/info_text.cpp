#include <fmt/format.h>

#include <ctime>

#include "cli/info.hpp"
#include "decoder/render/values.hpp"

namespace gyr {

namespace {

constexpr uint64_t ns_per_second = 1'000'000'000;

/// 1812116 as "1,812,116".
std::string grouped(uint64_t number) {
  std::string digits = fmt::format("{}", number);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

/// "1 thread", "2 threads".
std::string counted(uint64_t number, std::string_view noun, std::string_view plural = {}) {
  if (number == 1) return fmt::format("1 {}", noun);
  return plural.empty() ? fmt::format("{} {}s", grouped(number), noun)
                        : fmt::format("{} {}", grouped(number), plural);
}

double ratio(uint64_t a, uint64_t b) { return static_cast<double>(a) / static_cast<double>(b); }

/// Local time, as the time column of events has it.
std::string time_text(uint64_t ts) {
  if (ts == 0) return "not recorded";
  const auto seconds = static_cast<time_t>(ts / ns_per_second);
  tm local{};
  localtime_r(&seconds, &local);
  char date[64], zone[64];
  strftime(date, sizeof date, "%F %T", &local);
  strftime(zone, sizeof zone, "%Z", &local);
  const uint64_t ns = ts % ns_per_second;
  return ns == 0 ? fmt::format("{} {}", date, zone) : fmt::format("{}.{:09} {}", date, ns, zone);
}

std::string duration_text(uint64_t ns) {
  const uint64_t s = ns / ns_per_second;
  const uint64_t ms = ns % ns_per_second / 1'000'000;
  if (ns == 0) return "0 s";
  if (s == 0) return fmt::format("{:.3f} ms", static_cast<double>(ns) / 1e6);
  if (s < 60) return fmt::format("{}.{:03} s", s, ms);
  if (s < 3600) return fmt::format("{} min {:02}.{:03} s", s / 60, s % 60, ms);
  if (s < 86400) return fmt::format("{} h {:02} min {:02} s", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{} d {:02} h {:02} min", s / 86400, s / 3600 % 24, s / 60 % 60);
}

/// Collects the lines under a trace's name.
class Lines {
 public:
  Lines(Text& to, const InfoOptions& options) : to_(to) {
    render_.safe_for_terminal = options.safe_for_terminal;
  }

  void heading(std::string_view name) {
    append_name(to_, name, render_);
    to_.append('\n');
  }
  /// `value` may hold text from the trace.
  void add(std::string_view label, std::string_view value) {
    to_.append(fmt::format("  {:<12}", label));
    append_name(to_, value, render_);
    to_.append('\n');
  }
  void add_if(bool wanted, std::string_view label, std::string_view value) {
    if (wanted) add(label, value);
  }

 private:
  Text& to_;
  RenderOptions render_;
};

void append_part(std::string& text, const std::string& part) {
  if (!text.empty()) text += "; ";
  text += part;
}

void add_container(Lines& lines, const TraceFacts& facts) {
  const TraceStats& stats = facts.stats;
  const bool plain = stats.codec == Codec::plain;
  lines.add("format", fmt::format("scap {}.{}, {}", stats.major_version, stats.minor_version,
                                  plain ? "not compressed" : codec_name(stats.codec)));
  std::string size = counted(facts.file_bytes, "byte");
  if (!plain && facts.file_bytes != 0)
    size += fmt::format(", {} uncompressed ({:.1f}x)", grouped(facts.uncompressed_bytes),
                        ratio(facts.uncompressed_bytes, facts.file_bytes));
  if (facts.error)
    size += fmt::format("; damaged, read up to byte {}", grouped(facts.uncompressed_bytes));
  lines.add("size", size);
  lines.add_if(stats.sections > 1, "sections",
               fmt::format("{} traces, one after the other", grouped(stats.sections)));
  lines.add_if(!facts.comment.empty(), "comment", facts.comment);
  lines.add_if(!facts.application.empty(), "written by", facts.application);
}

void add_machines(Lines& lines, const TraceFacts& facts) {
  constexpr double gib = 1024.0 * 1024 * 1024;
  lines.add_if(facts.machines.empty(), "machine", "not recorded");
  for (const MachineFacts& m : facts.machines) {
    lines.add("machine",
              fmt::format("{}, {}, {:.1f} GiB of memory",
                          m.hostname.empty() ? "without a name" : m.hostname,
                          counted(m.cpus, "CPU"), static_cast<double>(m.memory_bytes) / gib));
    lines.add("booted", time_text(m.boot_ts));
  }
  lines.add_if(facts.machines.size() == TraceFacts::max_machines, "machine", "... maybe more");
  lines.add("kernel", facts.system.empty() ? "not recorded" : facts.system);
}

std::string events_text(const TraceFacts& facts) {
  const uint64_t events = facts.stats.event_blocks;
  std::string text = grouped(events);
  if (facts.duration_ns() != 0) {
    const double rate = ratio(events, facts.duration_ns()) * ns_per_second;
    text += fmt::format(" ({} per second)", grouped(static_cast<uint64_t>(rate)));
  }
  text += fmt::format(", {:.1f} bytes each", ratio(facts.event_bytes, events));
  if (facts.stats.codec != Codec::plain)
    text += fmt::format(" ({:.1f} in the file)", ratio(facts.file_bytes, events));
  return text;
}

void add_events(Lines& lines, const TraceFacts& facts) {
  if (facts.stats.event_blocks == 0) return lines.add("events", "none");
  lines.add("from", time_text(facts.first_ts));
  lines.add("to", time_text(facts.last_ts));
  lines.add("duration", duration_text(facts.duration_ns()));
  lines.add("events", events_text(facts));
  lines.add_if(facts.internal != 0, "internal",
               grouped(facts.internal) + " of them, shown with -D only");
  lines.add_if(facts.state_only != 0, "state only",
               grouped(facts.state_only) + " of them, never shown");
}

void add_processes(Lines& lines, const TraceFacts& facts) {
  const SnapshotFacts& s = facts.snapshot;
  lines.add("snapshot", s.threads == 0 ? "no processes"
                                       : fmt::format("{} in {}, {}", counted(s.threads, "thread"),
                                                     counted(s.processes, "process", "processes"),
                                                     counted(s.fds, "open descriptor")));
  lines.add_if(s.users + s.groups + s.interfaces != 0, "",
               fmt::format("{}, {}, {}", counted(s.users, "user"), counted(s.groups, "group"),
                           counted(s.interfaces, "network address", "network addresses")));
  if (facts.stats.event_blocks == 0) return;
  std::string active = facts.threads_complete ? "" : "more than ";
  active += counted(facts.threads_seen, "thread");
  if (s.threads != 0)
    active += fmt::format(" ({} not in the snapshot)", grouped(facts.threads_new));
  lines.add("active", active + ", " + counted(facts.execs, "program start"));
}

std::string lost_text(const TraceFacts& facts) {
  std::string text;
  if (facts.lost.gaps != 0)
    text = fmt::format("{} in {}", counted(facts.lost.events, "event"),
                       counted(facts.lost.gaps, "gap"));
  if (facts.sampling_pauses != 0)
    append_part(text, fmt::format("recording paused {} (of every second the first 1/{} was kept)",
                                  counted(facts.sampling_pauses, "time"), facts.sampling_ratio));
  return text.empty() ? "nothing is recorded as lost" : text;
}

std::string cpu_text(int32_t cpu) { return cpu < 0 ? "unknown CPU" : fmt::format("CPU {}", cpu); }

/// When, why and, with -v, where events were lost.
void add_losses(Lines& lines, const TraceFacts& facts, const InfoOptions& options) {
  lines.add("lost", lost_text(facts));
  const LossFacts& lost = facts.lost;
  if (lost.gaps == 0) return;
  lines.add_if(lost.last_ts != 0, "",
               fmt::format("from {} to {}", time_text(lost.first_ts), time_text(lost.last_ts)));
  std::string reasons, cpus;
  for (const auto& [reason, events] : lost.reasons)
    append_part(reasons, fmt::format("{} {}", grouped(events), gap_reason_name(reason)));
  for (const auto& [cpu, events] : lost.cpus)
    append_part(cpus, fmt::format("{} on {}", grouped(events), cpu_text(cpu)));
  lines.add("", reasons);
  lines.add_if(options.verbose, "", cpus);
}

std::string unknown_text(const TraceFacts& facts) {
  std::string text;
  if (facts.unknown_events != 0) {
    text = counted(facts.unknown_events, "event") + " of type";
    for (const auto& [type, count] : facts.unknown_types) text += fmt::format(" {}", type);
  }
  if (facts.newer_events != 0)
    append_part(text, counted(facts.newer_events, "event") + " with parameters that are new");
  for (const auto& [type, count] : facts.stats.unknown_blocks)
    append_part(text, fmt::format("{} of type {:#x}", counted(count, "block"), type));
  return text.empty() ? "nothing" : text;
}

void append_types(Text& to, const TraceFacts& facts) {
  if (facts.types.empty()) return;
  to.append("  events by type\n");
  for (const TypeCount& row : facts.types) {
    const double share = 100 * ratio(row.count, facts.stats.event_blocks);
    to.append(fmt::format("  {:>14} {:>5.1f}%  {} {}\n", grouped(row.count), share,
                          row.is_enter ? '>' : '<', row.name));
  }
}

}  // namespace

void append_info_text(Text& to, const std::string& trace, const TraceFacts& facts,
                      const InfoOptions& options) {
  Lines lines(to, options);
  lines.heading(trace == "-" ? "standard input" : trace);
  add_container(lines, facts);
  add_machines(lines, facts);
  add_events(lines, facts);
  add_processes(lines, facts);
  add_losses(lines, facts, options);
  const uint64_t unread = facts.lost.unread;
  lines.add_if(unread != 0, "unread", counted(unread, "parameter") + " whose memory was not there");
  lines.add("unknown", unknown_text(facts));
  const uint64_t option_bytes = facts.stats.option_bytes;
  lines.add_if(option_bytes != 0, "options", counted(option_bytes, "byte") + " behind events");
  if (options.verbose) append_types(to, facts);
}

}  // namespace gyr
