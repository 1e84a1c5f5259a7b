#include "tests/support/world.hpp"

#include <fmt/format.h>

#include "capture/file/event_block.hpp"
#include "decoder/render/names.hpp"

namespace gyr::test {

namespace {

std::string without_last_blank(const Text& text) {
  std::string_view view = text.view();
  if (view.ends_with(' ')) view.remove_suffix(1);
  return std::string(view);
}

}  // namespace

World::World(const std::vector<ThreadRecord>& threads, size_t thread_limit) : state(thread_limit) {
  import_.section();
  for (const ThreadRecord& thread : threads) import_.thread(thread);
}

World& World::has(int64_t tid, const std::vector<FdRecord>& fds) {
  for (const FdRecord& fd : fds) import_.fd(tid, fd);
  return *this;
}

void World::start() {
  if (!started_) import_.records_end();
  started_ = true;
}

std::string World::event(uint16_t type, const Params& params, std::string options) {
  start();
  TraceBuilder block;
  EventSpec spec;
  spec.type = type;
  spec.params = params;
  spec.options = std::move(options);
  block.at(ts_).by(tid_).cpu(cpu_).add(spec);
  ts_ += 1000;
  bytes_ = block.bytes();
  const Bytes bytes = as_bytes_of(bytes_);
  constexpr size_t frame_header = 8, frame_trailer = 4;
  const Bytes body = bytes.subspan(frame_header, bytes.size() - frame_header - frame_trailer);
  if (const char* wrong = parse_event(*find_block(load<uint32_t>(bytes.data())), body, raw_))
    return fmt::format("(cannot be parsed: {})", wrong);
  last_ = decoder.decode(raw_);
  if (last_ == nullptr) return "(hidden)";
  Text text;
  append_args(text, *last_, state, render);
  return without_last_blank(text);
}

std::string World::fd(int64_t tid, int64_t fd) const {
  const Thread* t = thread(tid);
  const Descriptor* descriptor = t != nullptr ? t->fds->find(fd) : nullptr;
  if (descriptor == nullptr) return "none";
  Text text;
  append_descriptor(text, *descriptor);
  return std::string(text.view());
}

std::string World::comm(int64_t tid) const {
  const Thread* t = thread(tid);
  return t != nullptr ? t->comm : "none";
}

std::string World::cwd(int64_t tid) const {
  const Thread* t = thread(tid);
  return t != nullptr ? std::string(t->cwd()) : "none";
}

Params clone_params(const CloneParams& p) {
  return {i64(p.res),
          text(p.comm),
          empty(),
          i64(p.tid),
          i64(p.pid),
          i64(p.ptid),
          text(""),
          i64(1024),
          i64(0),
          i64(0),
          u32(0),
          u32(0),
          u32(0),
          text(p.comm),
          *p.cgroups != '\0' ? text(p.cgroups) : empty(),
          u32(p.flags),
          u32(0),
          u32(0),
          i64(p.vtid != -1 ? p.vtid : p.tid),
          i64(p.vpid != -1 ? p.vpid : p.pid),
          u64(0)};
}

Params exec_params(const ExecParams& p) {
  return {i64(p.res),
          text(p.exe),
          empty(),
          i64(p.tid),
          i64(p.pid),
          i64(p.ptid),
          text(""),
          u64(1024),
          u64(0),
          u64(0),
          u32(0),
          u32(0),
          u32(0),
          text(p.comm),
          *p.cgroups != '\0' ? text(p.cgroups) : empty(),
          empty(),
          i32(0),
          i64(p.pid),
          u32(1000),
          u32(1),
          u64(1),
          u64(2),
          u64(3),
          u64(77),
          u64(5),
          u64(6),
          u32(p.uid),
          *p.exepath != '\0' ? text(p.exepath) : empty()};
}

Replayed replay(const std::string& path, const RenderOptions& options) {
  Replayed result;
  auto reader = TraceReader::open(path);
  if (!reader) {
    result.error = reader.error();
    return result;
  }
  State state;
  Decoder decoder(state);
  StateImport import(state, true);
  RawEvent raw;
  Text text;
  while ((*reader)->next(raw, import) == TraceReader::Step::event) {
    const Event* event = decoder.decode(raw);
    if (event == nullptr) continue;
    text.clear();
    append_args(text, *event, state, options);
    const Thread* thread = event->thread();
    result.lines.push_back(fmt::format("{} ({}) {} {} {}", thread ? thread->comm : "<NA>", raw.tid,
                                       event->is_enter() ? '>' : '<', event_name(*event),
                                       without_last_blank(text)));
  }
  result.stats = (*reader)->stats();
  result.error = (*reader)->error();
  return result;
}

}  // namespace gyr::test
