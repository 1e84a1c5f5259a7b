// A decoder with its state, fed by hand: one event at a time, with a look at the state in between.
//
// Purpose: decoder tests. Records and events are given as to the TraceBuilder; each event is
// encoded, parsed and decoded, and its arguments come back as text.
//
// Contract: `event` gives what the default line shows behind the event's name, without the last
// blank; "(hidden)" when the decoder does not give the event out. Events are a microsecond apart
// unless `at` sets the time.
//
// Example:
//   World world({{.tid = 7, .pid = 7, .comm = "sh", .cwd = "/root"}});
//   CHECK(world.by(7).event(type::open_exit, {i64(3), text("x"), u32(1), u32(0)}) ==
//         "fd=3(<f>/root/x) name=x(/root/x) flags=1(O_RDONLY) mode=0");
//   CHECK(world.fd(7, 3) == "<f>/root/x");
#pragma once

#include <string>
#include <vector>

#include "capture/file/reader.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "decoder/render/values.hpp"
#include "tests/support/trace_builder.hpp"

namespace gyr::test {

class World {
 public:
  explicit World(const std::vector<ThreadRecord>& threads = {},
                 size_t thread_limit = ThreadTable::default_limit);

  /// Descriptors that were open from the start; `start` follows the last of them.
  World& has(int64_t tid, const std::vector<FdRecord>& fds);
  /// Anything else that a source says before its first event.
  RecordSink& records() { return import_; }
  /// The records are complete. Called by the first event if it was not before.
  void start();

  World& by(int64_t tid) { return tid_ = tid, *this; }
  World& at(uint64_t ts) { return ts_ = ts, *this; }
  World& cpu(uint16_t number) { return cpu_ = number, *this; }
  /// `options` stand behind the event, as in EventSpec.
  std::string event(uint16_t type, const Params& params = {}, std::string options = {});
  uint64_t now() const { return ts_; }

  /// The event given last, until the next one; null when it was not given out.
  const Event* last() const { return last_; }
  const Thread* thread(int64_t tid) const { return state.threads.find(tid); }
  /// "<f>/etc/passwd", or "none".
  std::string fd(int64_t tid, int64_t fd) const;
  /// The command name of a thread, or "none".
  std::string comm(int64_t tid) const;
  std::string cwd(int64_t tid) const;

  State state;
  Decoder decoder{state};
  RenderOptions render;

 private:
  StateImport import_{state, true};
  std::string bytes_;  // of the last event's block
  RawEvent raw_;
  const Event* last_ = nullptr;
  bool started_ = false;
  uint64_t ts_ = TraceBuilder::first_ts;
  int64_t tid_ = 1;
  uint16_t cpu_ = 0;
};

/// The parameters of a clone exit event of today (clone_20_exit, fork_20_exit, clone3_exit).
struct CloneParams {
  int64_t res = 0;
  int64_t tid = 0, pid = 0, ptid = 0;
  uint32_t flags = 0;
  const char* comm = "proc";
  int64_t vtid = -1, vpid = -1;  // -1: as tid and pid
  const char* cgroups = "";
};
Params clone_params(const CloneParams& p);

/// The parameters of an execve exit event of today, up to `tty` and beyond up to `trusted_exepath`.
struct ExecParams {
  int64_t res = 0;
  int64_t tid = 0, pid = 0, ptid = 0;
  const char* exe = "prog";
  const char* comm = "prog";
  const char* exepath = "";
  const char* cgroups = "";
  uint32_t uid = 0;
};
Params exec_params(const ExecParams& p);

/// Every event of a trace as its default line would show it: "comm (tid) > name args".
struct Replayed {
  std::vector<std::string> lines;
  TraceStats stats;
  std::optional<Error> error;
};
Replayed replay(const std::string& path, const RenderOptions& options = {});

}  // namespace gyr::test
