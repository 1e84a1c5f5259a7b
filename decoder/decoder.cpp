#include "decoder/decoder.hpp"

#include <array>

#include "decoder/handlers/handlers.hpp"
#include "decoder/paths.hpp"

namespace gyr {

namespace {

namespace type = schema::type;

/// What the frame needs to know about an event id, worked out once from the schema.
struct Traits {
  bool known = false;
  bool has_thread = false;    // the header's tid names the thread it is about
  bool makes_thread = false;  // an unknown tid gets a placeholder
  bool is_call = false;       // enter or exit of a system call
  bool handled = false;       // some form of it changes the state
  bool keep_enter = false;    // its exit event may need its parameters
  bool moves_thread = false;  // its handler may make or replace the event's thread
  bool leads = false;         // at the start of a section, part of its records
  int8_t fd_index = -1;       // enter events: the parameter with the fd it works on
};

constexpr size_t max_kept_enter = 4096;

bool some_form_is_handled(uint32_t id, size_t params) {
  if (find_handler(static_cast<uint16_t>(id)) != nullptr) return true;
  for (uint32_t n = 0; n <= params; ++n) {
    const schema::Upgrade* upgrade = schema::find_upgrade(id, n);
    if (upgrade != nullptr && find_handler(upgrade->target) != nullptr) return true;
  }
  return false;
}

bool is_clone_exit(const schema::Event& info, uint32_t id) {
  const std::string_view name = info.name;
  return !schema::is_enter(id) &&
         (name == "clone" || name == "clone3" || name == "fork" || name == "vfork");
}

/// What writers put first, to say what they know: it belongs to the records, not to what happened.
bool is_leading_type(uint32_t id) {
  return id == type::user_added_enter || id == type::user_deleted_enter ||
         id == type::group_added_enter || id == type::group_deleted_enter ||
         id == type::container_json_2_enter || id == type::asyncevent_enter;
}

int8_t enter_fd_index(uint32_t id, const schema::Event& info) {
  if (!schema::is_enter(id) || (info.flags & schema::uses_fd) == 0) return -1;
  if (id == type::mmap_enter || id == type::mmap2_enter) return 4;
  if (id == type::splice_enter) return 1;
  return 0;
}

Traits traits_of(uint32_t id) {
  const schema::Event& info = *schema::find_event(id);
  Traits t;
  t.known = (info.flags & schema::unused) == 0;
  const bool about_thread = info.source == schema::Source::syscall ||
                            info.source == schema::Source::tracepoint || id == type::procinfo_enter;
  t.has_thread = about_thread && ((info.flags & schema::skip_parser_reset) == 0 ||
                                  id == type::procinfo_enter || info.name == "switch");
  t.moves_thread = is_clone_exit(info, id);
  t.makes_thread = t.has_thread && !t.moves_thread && info.name != "switch" &&
                   info.name != "procexit" && id != type::procinfo_enter;
  t.leads = is_leading_type(id);
  t.is_call = info.source == schema::Source::syscall;
  t.handled = some_form_is_handled(id, info.params.size());
  t.fd_index = enter_fd_index(id, info);
  if (t.is_call && schema::is_enter(id)) {
    const uint32_t exit_id = id + 1;
    const schema::Event& exit_info = *schema::find_event(exit_id);
    t.keep_enter = some_form_is_handled(exit_id, exit_info.params.size());
  }
  return t;
}

const std::array<Traits, schema::event_count>& traits() {
  static const auto table = [] {
    std::array<Traits, schema::event_count> all;
    for (uint32_t id = 0; id < schema::event_count; ++id) all[id] = traits_of(id);
    return all;
  }();
  return table;
}

void keep(const RawEvent& raw, PendingEnter& enter) {
  const size_t lengths_size = sizeof(uint16_t) * raw.nparams;
  const size_t size = lengths_size + raw.data_size;
  if (raw.wide_lengths || size > max_kept_enter) return;
  // Lengths and parameters are neighbours in the event.
  enter.bytes.assign(raw.lengths, raw.lengths + size);
  enter.nparams = static_cast<uint16_t>(raw.nparams);
  enter.kept = true;
}

bool belongs_to(uint16_t enter_type, uint16_t exit_type) {
  return enter_type + 1 == exit_type ||
         (exit_type == type::execve_19_exit && enter_type == type::execveat_enter);
}

}  // namespace

void Decoder::section() {
  drop_delayed();
  leading_ = true;
}

void Decoder::drop_delayed() {
  close_later_.clear();
  exit_later_ = false;
}

void Decoder::do_delayed() {
  Thread* thread = state_.threads.find(delayed_tid_);
  if (thread != nullptr) {
    for (const int64_t fd : close_later_) thread->fds->erase(fd);
    if (exit_later_) handlers::remove_exited(state_, *thread, delayed_ts_);
  }
  drop_delayed();
}

Thread* Decoder::find_thread(const RawEvent& raw, bool make) {
  Thread* thread = state_.threads.find(raw.tid, raw.cpu);
  if (thread != nullptr || !make) return thread;
  thread = &state_.threads.create(raw.tid);
  thread->comm = not_available;
  thread->exe = SharedText(not_available);
  return thread;
}

void Decoder::enter(const RawEvent& raw, int fd_index, bool keep_it, Thread& thread) {
  thread.enter_ts = raw.ts;
  thread.latency = 0;
  thread.enter.type = raw.type;
  thread.enter.kept = false;
  thread.last_fd = -1;
  if (fd_index >= 0 && event_.nparams() > static_cast<uint32_t>(fd_index))
    thread.last_fd = Event::value<int64_t>(event_.param(static_cast<uint32_t>(fd_index)));
  if (keep_it) keep(raw, thread.enter);
}

void Decoder::leave(const RawEvent& raw, Thread& thread) {
  thread.latency = thread.enter_ts != 0 ? raw.ts - thread.enter_ts : 0;
  if (!belongs_to(thread.enter.type, raw.type)) thread.enter.kept = false;
  event_.enter_ = thread.enter.kept ? &thread.enter : nullptr;
}

const Event* Decoder::decode(const RawEvent& raw) {
  static const auto& table = traits();
  if (exit_later_ || !close_later_.empty()) do_delayed();
  if (raw.type >= table.size() || !table[raw.type].known) {
    ++unknown_types_;
    return nullptr;
  }
  const Traits& t = table[raw.type];
  const bool counted = raw.type <= last_type_;
  if (counted && num_++ == 0) first_ts_ = raw.ts;
  leading_ = leading_ && t.leads;
  event_.leading_ = leading_;
  event_.num_ = num_;
  event_.raw_ = &raw;
  event_.info_ = schema::find_event(raw.type);
  event_.split_ = false;
  event_.enter_ = nullptr;
  event_.upgrade_ = nullptr;
  Thread* thread = t.has_thread ? find_thread(raw, t.makes_thread) : nullptr;
  event_.thread_ = thread;
  const bool is_exit = t.is_call && !schema::is_enter(raw.type);
  if (thread != nullptr && t.is_call) {
    if (is_exit)
      leave(raw, *thread);
    else
      enter(raw, t.fd_index, t.keep_enter, *thread);
  }
  if (t.handled) apply(raw, t.has_thread, t.moves_thread);
  if (is_exit && event_.thread_ != nullptr) event_.thread_->enter.kept = false;
  return counted ? &event_ : nullptr;
}

/// Runs the handler of the event's form of today.
void Decoder::apply(const RawEvent& raw, bool has_thread, bool moves_thread) {
  event_.upgrade_ = schema::find_upgrade(raw.type, raw.nparams);
  const Handler handler = find_handler(event_.today_id());
  if (handler == nullptr) return;
  if (has_thread && event_.thread_ == nullptr && !moves_thread &&
      event_.today_id() != type::schedswitch_6_enter && event_.today_id() != type::procexit_1_enter)
    return;
  handler({state_, event_, event_.thread_, close_later_, exit_later_});
  if (moves_thread) event_.thread_ = state_.threads.find(raw.tid);
  delayed_tid_ = raw.tid;
  delayed_ts_ = raw.ts;
}

}  // namespace gyr
