#include "tests/fuzz/replay.hpp"

#include <algorithm>

#include "tests/fuzz/check.hpp"

namespace gyr::fuzz {

namespace {

constexpr uint16_t last_type_of_sysdig_0_29 = schema::type::clone3_exit;

uint16_t last_type_of(const Options& options) {
  return options.render.dialect == Dialect::sysdig_0_29 ? last_type_of_sysdig_0_29
                                                        : schema::event_count - 1;
}

/// As filters will do it: every parameter of today's form, by name.
void read_every_param(const Event& event) {
  const size_t count = schema::find_event(event.today_id())->params.size();
  unsigned sum = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto index = static_cast<uint8_t>(i);
    for (const std::byte byte : event.get(schema::Field<Bytes>{index}))
      sum += static_cast<unsigned>(byte);
    sum += static_cast<unsigned>(event.get(schema::Field<int64_t>{index}) & 1);
    sum += static_cast<unsigned>(event.get(schema::Field<std::string_view>{index}).size());
  }
  [[maybe_unused]] const volatile unsigned used = sum;
}

bool is_child_of(const Thread& child, const Thread& parent) {
  for (const Thread* c = parent.first_child; c != nullptr; c = c->next_sibling) {
    if (c == &child) return true;
  }
  return false;
}

void check_thread(const Thread& thread) {
  check(static_cast<bool>(thread.fds), "a thread without fds");
  if (thread.process) {
    const auto& siblings = thread.process->threads;
    check(thread.process_index < siblings.size() && siblings[thread.process_index] == &thread,
          "a thread is not where its process has it");
  }
  if (thread.parent != nullptr) check(is_child_of(thread, *thread.parent), "a lost child");
  for (const Thread* c = thread.first_child; c != nullptr; c = c->next_sibling)
    check(c->parent == &thread, "a child of another thread");
}

}  // namespace

Options options_of(unsigned style) {
  constexpr TimeMode times[] = {TimeMode::clock, TimeMode::absolute, TimeMode::relative,
                                TimeMode::latency, TimeMode::delta};
  constexpr unsigned modes = 5;
  Options options;
  options.render.buffers = static_cast<BufferMode>(style % modes);
  style /= modes;
  options.time = times[style % modes];
  style /= modes;
  options.render.dialect = (style & 1) != 0 ? Dialect::sysdig_0_29 : Dialect::today;
  options.render.safe_for_terminal = (style & 2) != 0;
  options.color = (style & 4) != 0;
  if ((style & 8) != 0) options.render.buffer_limit = 0;  // -v
  return options;
}

Replay::Replay(uint8_t style, size_t thread_limit)
    : options_(options_of(style)),
      thread_limit_(thread_limit),
      state_(thread_limit),
      decoder_(state_, last_type_of(options_)),
      import_(state_, true),
      printer_(options_) {}

void Replay::show(const RawEvent& raw) {
  const Event* event = decoder_.decode(raw);
  if (event == nullptr) return;
  read_every_param(*event);
  line_.clear();
  const filter::Stream stream{decoder_.first_ts(), previous_ts_};
  printer_.append(line_, {*event, state_, {}, stream});
  previous_ts_ = raw.ts;
  check_line();
}

void Replay::check_line() const {
  const bool one_line =
      options_.render.buffers == BufferMode::dots || options_.render.buffers == BufferMode::base64;
  if (!options_.render.safe_for_terminal || options_.color || !one_line) return;
  const std::string_view text = line_.view();
  check(std::none_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }),
        "a control character in a line for a terminal");
}

void Replay::finish() const {
  const State& state = state_;
  check(state.threads.size() <= thread_limit_, "more threads than the limit");
  state.threads.for_each(check_thread);
}

}  // namespace gyr::fuzz
