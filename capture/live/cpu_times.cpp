#include "capture/live/cpu_times.hpp"

#include <unistd.h>

#include <algorithm>

#include "capture/file/event_builder.hpp"
#include "capture/live/clock.hpp"
#include "schema_params.hpp"

namespace gyr {

namespace {

constexpr uint64_t period_ns = 1'000'000'000;
constexpr uint64_t share = 50;  // a look may take this part of the time

namespace param = schema::param::procinfo_enter;
static_assert(param::cpu_usr.index == 0 && param::cpu_sys.index == 1);

}  // namespace

CpuTimes::CpuTimes(const char* proc) : proc_(open_directory(AT_FDCWD, proc)) {}

void CpuTimes::read(uint64_t now, uint64_t ts, const std::function<bool(int64_t)>& wanted,
                    std::vector<std::byte>& blocks) {
  const uint64_t begun = clock_ns(CLOCK_MONOTONIC);
  ++round_;
  if (proc_ && lseek(proc_.get(), 0, SEEK_SET) == 0 && list_numbers(proc_.get(), pids_)) {
    for (const int64_t pid : pids_) {
      if (wanted(pid)) read_process(pid, ts, blocks);
    }
    std::erase_if(known_, [this](const auto& entry) { return entry.second.round != round_; });
  }
  due_ = now + std::max(period_ns, share * (clock_ns(CLOCK_MONOTONIC) - begun));
}

void CpuTimes::read_process(int64_t pid, uint64_t ts, std::vector<std::byte>& blocks) {
  const auto text = files_.read(proc_.get(), ShortPath("", pid, "/stat").c_str());
  const auto stat = text ? parse_proc_stat(*text) : std::nullopt;
  if (!stat) return;
  if (stat->threads == 1) {
    note(pid, *stat, ts, blocks);
    return;
  }
  const UniqueFd tasks = open_directory(proc_.get(), ShortPath("", pid, "/task").c_str());
  if (!tasks || !list_numbers(tasks.get(), tids_)) return;
  for (const int64_t tid : tids_) {
    const auto of_thread = files_.read(tasks.get(), ShortPath("", tid, "/stat").c_str());
    if (const auto one = of_thread ? parse_proc_stat(*of_thread) : std::nullopt)
      note(tid, *one, ts, blocks);
  }
}

void CpuTimes::note(int64_t tid, const ProcStat& stat, uint64_t ts,
                    std::vector<std::byte>& blocks) {
  const auto [entry, is_new] = known_.try_emplace(tid);
  Known& known = entry->second;
  const bool changed = known.user != stat.user_ticks || known.system != stat.system_ticks;
  known = {stat.user_ticks, stat.system_ticks, round_};
  if (is_new || changed)
    append_event(blocks, {.ts = ts, .tid = tid, .type = schema::type::procinfo_enter},
                 stat.user_ticks, stat.system_ticks);
}

}  // namespace gyr
