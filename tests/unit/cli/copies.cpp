#include "tests/unit/cli/copies.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "capture/file/reader.hpp"
#include "decoder/render/names.hpp"
#include "decoder/render/values.hpp"
#include "filter/replay.hpp"

namespace gyr::test {

namespace {

bool is_shown(const Event* event) {
  return event != nullptr && !event->is_hidden() && !event->is_leading();
}

std::string about_thread(const Event& event, const Thread& t) {
  std::string text = fmt::format(
      " pid={} ptid={} sid={} vtid={} uid={} gid={} exe={} path={} args={} cwd={} container={} "
      "root={} flags={} clone={} exec={} faults={} {}",
      t.pid, t.ptid, t.sid, t.vtid, t.uid, t.gid, t.exe.view(), t.exepath.view(), t.args.view(),
      t.cwd(), t.container_id.view(), t.root.view(), t.flags, t.clone_ts, t.lastexec_ts, t.pfmajor,
      t.pfminor);
  if (t.process) {
    text += fmt::format(" vm={} {} env={:x} limit={} reaper={}", t.process->vmsize_kb,
                        t.process->vmrss_kb, std::hash<std::string_view>()(t.process->env.view()),
                        t.process->fdlimit, t.process->is_reaper);
  }
  if (t.parent != nullptr) text += " parent=" + t.parent->comm;
  const bool is_call = event.info().source == schema::Source::syscall;
  if (const Descriptor* fd = t.fds->find(t.last_fd); is_call && fd != nullptr) {
    Text name;
    append_descriptor(name, *fd);
    text += fmt::format(" fd={} role={} ino={}", name.view(), int(fd->role), fd->ino);
  }
  return text;
}

/// A switch shows the latency of the call before it, which a copy need not have.
uint64_t latency_of(const Event& event) {
  return event.raw().type == schema::type::schedswitch_6_enter ? 0 : event.latency();
}

std::string line(const Event& event, const State& state) {
  Text args;
  append_args(args, event, state, {});
  const Thread* thread = event.thread();
  std::string text =
      fmt::format("{} {} {} ({}) {} {} {} latency={}{}", event.raw().ts, event.raw().cpu,
                  thread ? thread->comm : "<NA>", event.raw().tid, event.is_enter() ? '>' : '<',
                  event_name(event), args.view(), latency_of(event),
                  thread != nullptr ? about_thread(event, *thread) : "");
  std::replace(text.begin(), text.end(), '\0', '|');
  return text;
}

std::unique_ptr<TraceReader> open_trace(const std::string& path) {
  auto reader = TraceReader::open(path);
  if (!reader) throw std::runtime_error(path + ": " + reader.error().message);
  return std::move(*reader);
}

void check_end(const std::string& path, const TraceReader& reader) {
  if (reader.error()) throw std::runtime_error(path + ": " + reader.error()->message);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "gyr-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

std::vector<std::string> TemporaryFolder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

void copy_events(const std::string& path, RecorderOptions options, const Predicate& matches) {
  const bool all = !options.select;  // hidden events too
  auto recorder = Recorder::open(std::move(options));
  if (!recorder) throw std::runtime_error(recorder.error().message);
  auto reader = open_trace(path);
  filter::Replay replay(*reader);
  (*recorder)->begin(*reader);
  while (replay.next()) {
    (*recorder)->prepare(replay.raw(), replay.decoder());
    const Event* event = replay.decode();
    (*recorder)->event(*reader, event,
                       all || event == nullptr || (is_shown(event) && matches(*event)));
  }
  check_end(path, *reader);
  if (auto done = (*recorder)->close(); !done) throw std::runtime_error(done.error().message);
}

std::vector<std::string> seen_in(const std::string& path, const Predicate& matches) {
  auto reader = open_trace(path);
  filter::Replay replay(*reader);
  std::vector<std::string> lines;
  while (replay.next()) {
    const Event* event = replay.decode();
    if (is_shown(event) && matches(*event)) lines.push_back(line(*event, replay.state()));
  }
  check_end(path, *reader);
  return lines;
}

}  // namespace gyr::test
