#include "decoder/decoder.hpp"

#include <algorithm>

#include "capture/event_options.hpp"
#include "decoder/handlers/handlers.hpp"
#include "decoder/paths.hpp"

namespace gyr {

namespace {

namespace type = schema::type;

// Enter events larger than this are not kept; with many threads, much smaller ones.
constexpr size_t max_kept_enter = 4096, max_kept_enter_of_many = 512;
constexpr size_t many_threads = 16384;

void keep(const RawEvent& raw, PendingEnter& enter, size_t largest) {
  const size_t lengths_size = sizeof(uint16_t) * raw.nparams;
  const size_t size = lengths_size + raw.data_size;
  if (raw.wide_lengths || size > largest) return;
  // Lengths and parameters are neighbours in the event.
  enter.bytes.assign(raw.lengths, raw.lengths + size);
  enter.nparams = static_cast<uint16_t>(raw.nparams);
  enter.kept = true;
}

bool belongs_to(uint16_t enter_type, uint16_t exit_type) {
  return enter_type + 1 == exit_type ||
         (exit_type == type::execve_19_exit && enter_type == type::execveat_enter);
}

/// Parameter `index` of an enter event as an fd; -1 when it is not there.
int64_t fd_param(const RawEvent& raw, uint32_t index) {
  if (index >= raw.nparams) return -1;
  const std::byte* at = raw.data;
  for (uint32_t i = 0; i < index; ++i) at += raw.param_size(i);
  return raw.param_size(index) == sizeof(int64_t) ? load<int64_t>(at) : -1;
}

}  // namespace

void Decoder::begin_section() {
  section_ = state_.sections;
  drop_delayed();
  leading_ = true;
}

void Decoder::drop_delayed() {
  close_later_.clear();
  exit_later_ = false;
  delayed_ = false;
}

void Decoder::do_delayed() {
  // Records that came in between may have evicted it.
  if (Thread* thread = state_.threads.find(delayed_tid_, delayed_cpu_)) {
    for (const int64_t fd : close_later_) thread->fds->erase(fd);
    if (exit_later_) handlers::remove_exited(state_, *thread, event_.raw_ts_);
  }
  drop_delayed();
}

Thread& Decoder::make_placeholder(int64_t tid) {
  Thread& thread = state_.threads.create(tid);
  thread.comm = not_available;
  thread.exe = SharedText(not_available);
  return thread;
}

void Decoder::enter(const RawEvent& raw, const Traits& traits, Thread& thread) {
  thread.enter_ts = raw.ts;
  thread.latency = 0;
  thread.enter.type = raw.type;
  thread.enter.kept = false;
  thread.enter.used = false;
  thread.last_fd = traits.fd_index < 0 ? -1 : fd_param(raw, static_cast<uint32_t>(traits.fd_index));
  if (traits.keep_enter || keep_all_) {
    const bool many = state_.threads.size() > many_threads;
    thread.enter.upgradable = traits.upgradable;
    keep(raw, thread.enter, many ? max_kept_enter_of_many : max_kept_enter);
  }
}

void Decoder::leave(const RawEvent& raw, Thread& thread) {
  // Clocks of CPUs differ: an exit can have an earlier time than its enter event.
  const bool timed = thread.enter_ts != 0 && raw.ts > thread.enter_ts;
  thread.latency = timed ? raw.ts - thread.enter_ts : 0;
  if (thread.enter.used || !belongs_to(thread.enter.type, raw.type)) {
    thread.enter.kept = false;
    thread.last_fd = -1;
  }
  thread.enter.used = true;
  event_.enter_ = thread.enter.kept ? &thread.enter : nullptr;
}

void Decoder::pass_over(uint64_t events) {
  num_ += events;
  leading_ = leading_ && events == 0;
}

const Event* Decoder::decode(const RawEvent& raw) {
  if (state_.sections != section_) [[unlikely]]
    begin_section();
  if (delayed_) do_delayed();
  if (raw.type >= schema::event_count || !traits_[raw.type].known) [[unlikely]] {
    ++unknown_types_;
    return nullptr;
  }
  const Traits& traits = traits_[raw.type];
  const bool counted = raw.type <= last_type_;
  newer_types_ += !counted;
  num_ += counted;
  if (leading_) [[unlikely]]
    leading_ = traits.leads;
  if (first_ts_ == 0 && counted && !leading_) [[unlikely]]
    first_ts_ = raw.ts;
  begin_event(raw, traits);
  if (traits.has_thread) {
    Thread* thread = state_.threads.find(raw.tid, raw.cpu);
    if (thread == nullptr && traits.makes_thread) thread = &make_placeholder(raw.tid);
    event_.thread_ = thread;
    if (thread != nullptr) {
      if (traits.is_enter)
        enter(raw, traits, *thread);
      else if (traits.is_exit)
        leave(raw, *thread);
      else if (traits.interrupts)
        thread->latency = 0;
    }
  }
  if (traits.handled) apply(raw, traits);
  if (raw.option_bytes != 0) [[unlikely]]
    read_options(raw);
  return counted ? &event_ : nullptr;
}

void Decoder::begin_event(const RawEvent& raw, const Traits& traits) {
  event_.raw_ = &raw;
  event_.info_ = traits.info;
  event_.upgrade_ = traits.upgradable ? &Event::not_looked_up : nullptr;
  event_.thread_ = nullptr;
  event_.enter_ = nullptr;
  event_.num_ = num_;
  event_.raw_ts_ = raw.ts;
  event_.names_fd_ = false;
  event_.nparams_ = std::min<uint32_t>(raw.nparams, traits.nparams);
  event_.leading_ = leading_;
  event_.split_ = false;
}

/// The latency that a recorder has measured counts instead of the one between two events.
void Decoder::read_options(const RawEvent& raw) {
  if (event_.thread_ == nullptr || schema::is_enter(raw.type)) return;
  if (const auto latency = find_latency(raw.option_list())) event_.thread_->latency = *latency;
}

/// Nothing that was derived from the thread before holds any more.
void Decoder::new_version() {
  if (event_.thread_ != nullptr)
    state_.threads.touch(*event_.thread_);
  else
    state_.threads.touch_tree();
}

/// Runs the handler of the event's form of today.
void Decoder::apply(const RawEvent& raw, const Traits& traits) {
  Handler handler = traits.handler;
  if (traits.upgradable) handler = find_handler(event_.today_id());
  if (handler == nullptr || (traits.needs_thread && event_.thread_ == nullptr)) return;
  handler({state_, event_, event_.thread_, close_later_, exit_later_, event_.names_fd_});
  if (traits.moves_thread) {
    event_.thread_ = state_.threads.find(raw.tid);
    event_.enter_ = nullptr;
  }
  if (traits.new_version) new_version();
  if (!exit_later_ && close_later_.empty()) return;
  delayed_ = true;
  delayed_tid_ = raw.tid;
  delayed_cpu_ = raw.cpu;
}

}  // namespace gyr
