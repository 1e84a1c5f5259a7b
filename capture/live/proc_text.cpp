#include "capture/live/proc_text.hpp"

#include "capture/live/proc_files.hpp"

namespace gyr {

namespace {

template <class T>
void take_to(std::string_view& text, T& to, int base = 10) {
  if (const auto value = take_number<T>(text, base)) to = *value;
}

/// "real effective saved fs"
void take_effective(std::string_view text, uint32_t& id) {
  take_word(text);
  take_to(text, id);
}

/// "123 kB". More than the field holds (4 TiB) is as much as it holds.
void take_kb(std::string_view text, uint32_t& kb) {
  uint64_t value = 0;
  take_to(text, value);
  kb = static_cast<uint32_t>(std::min<uint64_t>(value, UINT32_MAX));
}

struct NamespaceIds {
  int64_t outermost = -1, innermost = -1;
  int count = 0;
};

/// The id in each namespace that the thread is seen in, from that of the /proc inwards.
NamespaceIds namespace_ids(std::string_view text) {
  NamespaceIds ids;
  while (const auto id = take_number<int64_t>(text)) {
    if (ids.count++ == 0) ids.outermost = *id;
    ids.innermost = *id;
  }
  return ids;
}

void take_status_line(std::string_view key, std::string_view value, ProcStatus& status) {
  if (key == "Tgid") {
    take_to(value, status.pid);
  } else if (key == "Uid") {
    take_effective(value, status.uid);
  } else if (key == "Gid") {
    take_effective(value, status.gid);
  } else if (key == "Groups") {
    status.groups = value;
  } else if (key == "CapInh") {
    take_to(value, status.cap_inheritable, 16);
  } else if (key == "CapPrm") {
    take_to(value, status.cap_permitted, 16);
  } else if (key == "CapEff") {
    take_to(value, status.cap_effective, 16);
  } else if (key == "VmSize") {
    take_kb(value, status.vmsize_kb);
  } else if (key == "VmRSS") {
    take_kb(value, status.vmrss_kb);
  } else if (key == "VmSwap") {
    take_kb(value, status.vmswap_kb);
  } else if (key == "NSpid") {
    const NamespaceIds ids = namespace_ids(value);
    status.vtid = ids.innermost;
    status.nested_namespace = ids.count > 1;
  } else if (key == "NStgid") {
    status.vpid = namespace_ids(value).innermost;
  } else if (key == "NSpgid") {
    const NamespaceIds ids = namespace_ids(value);
    status.pgid = ids.outermost;
    status.vpgid = ids.innermost;
  }
}

}  // namespace

// The name is in parentheses and may hold any byte, parentheses too; only numbers follow it.
std::optional<ProcStat> parse_proc_stat(std::string_view text) {
  const size_t open = text.find('('), close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::nullopt;
  ProcStat stat;
  stat.comm = text.substr(open + 1, close - open - 1);
  text.remove_prefix(close + 1);
  const std::string_view state = take_word(text);
  if (!state.empty()) stat.state = state.front();
  take_to(text, stat.ppid);
  take_to(text, stat.pgid);
  take_to(text, stat.sid);
  int64_t tty = 0;
  take_to(text, tty);  // a signed 32-bit number in some versions
  stat.tty = static_cast<uint32_t>(tty);
  take_word(text);  // foreground process group of the terminal
  take_to(text, stat.kernel_flags);
  take_to(text, stat.pfminor);
  take_word(text);  // those of the children
  take_to(text, stat.pfmajor);
  take_word(text);
  take_to(text, stat.user_ticks);
  take_to(text, stat.system_ticks);
  constexpr int times_of_children_to_nice = 4, between_threads_and_start = 1;
  for (int skipped = 0; skipped < times_of_children_to_nice; ++skipped) take_word(text);
  take_to(text, stat.threads);
  for (int skipped = 0; skipped < between_threads_and_start; ++skipped) take_word(text);
  take_to(text, stat.start_ticks);
  return stat;
}

ProcStatus parse_proc_status(std::string_view text) {
  ProcStatus status;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    take_status_line(line.substr(0, colon), line.substr(colon + 1), status);
  }
  return status;
}

bool ProcStatus::has_group(uint32_t wanted) const {
  std::string_view rest = groups;
  while (const auto group = take_number<uint32_t>(rest)) {
    if (*group == wanted) return true;
  }
  return false;
}

int64_t parse_fd_limit(std::string_view limits) {
  constexpr std::string_view label = "Max open files";
  while (!limits.empty()) {
    std::string_view line = take_line(limits);
    if (!line.starts_with(label)) continue;
    line.remove_prefix(label.size());
    return take_number<int64_t>(line).value_or(INT64_MAX);  // "unlimited"
  }
  return -1;
}

}  // namespace gyr
