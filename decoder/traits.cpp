#include "decoder/traits.hpp"

#include <array>

#include "decoder/event_fd.hpp"
#include "decoder/handlers/handlers.hpp"

namespace gyr {

namespace {

namespace type = schema::type;

/// Whether a predicate holds for an upgrade of some version of event `id`.
template <class Predicate>
bool some_upgrade(uint32_t id, Predicate predicate) {
  for (uint32_t n = 0; n <= schema::find_event(id)->params.size(); ++n) {
    const schema::Upgrade* upgrade = schema::find_upgrade(id, n);
    if (upgrade != nullptr && predicate(*upgrade)) return true;
  }
  return false;
}

/// Whether a predicate holds for the form of today of some version of event `id`.
template <class Predicate>
bool some_form(uint32_t id, Predicate predicate) {
  return predicate(static_cast<uint16_t>(id)) ||
         some_upgrade(id, [&](const schema::Upgrade& u) { return predicate(u.target); });
}

bool is_upgradable(uint32_t id) {
  return some_upgrade(id, [](const schema::Upgrade&) { return true; });
}

bool is_handled(uint32_t id) {
  return some_form(id, [](uint16_t today) { return find_handler(today) != nullptr; });
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
         id == type::container_enter || id == type::container_json_enter ||
         id == type::container_json_2_enter || id == type::asyncevent_enter;
}

/// Whether some version of exit event `id` leaves a path to the enter event.
bool path_is_in_enter(uint32_t id) {
  for (uint32_t n = 0; n <= schema::find_event(id)->params.size(); ++n) {
    const schema::Upgrade* upgrade = schema::find_upgrade(id, n);
    if (upgrade == nullptr) continue;
    const auto params = schema::find_event(upgrade->target)->params;
    for (size_t i = 0; i < params.size(); ++i) {
      const bool is_path = params[i].type == schema::ParamType::fspath ||
                           params[i].type == schema::ParamType::fsrelpath;
      const auto from = upgrade->sources[i].from;
      if (is_path &&
          (from == schema::ParamSource::enter || from == schema::ParamSource::enter_or_empty))
        return true;
    }
  }
  return false;
}

Traits traits_of(uint32_t id) {
  const schema::Event& info = *schema::find_event(id);
  Traits t;
  t.info = &info;
  t.handler = find_handler(static_cast<uint16_t>(id));
  t.known = (info.flags & schema::unused) == 0;
  const bool is_call = info.source == schema::Source::syscall;
  const bool is_switch = info.name == "switch", is_procexit = info.name == "procexit";
  const bool is_procinfo = id == type::procinfo_enter, is_fault = info.name == "page_fault";
  const bool about_thread = is_call || info.source == schema::Source::tracepoint || is_procinfo;
  const bool skips = (info.flags & schema::skip_parser_reset) != 0;
  t.has_thread = about_thread && (!skips || is_procinfo || is_switch || is_fault);
  t.moves_thread = is_clone_exit(info, id);
  t.makes_thread = t.has_thread && !t.moves_thread && !is_switch && !is_procexit && !is_procinfo;
  t.needs_thread = t.makes_thread;
  t.leads = is_leading_type(id);
  t.is_enter = is_call && schema::is_enter(id);
  t.is_exit = is_call && !schema::is_enter(id);
  const bool is_request = id == type::io_uring_request_enter || id == type::io_uring_request_exit;
  t.interrupts =
      t.has_thread && !is_call && !is_switch && !skips && (schema::is_enter(id) || is_request);
  t.handled = is_handled(id);
  t.new_version = some_form(id, handler_changes_process);
  t.upgradable = is_upgradable(id);
  t.fd_index = schema::is_enter(id) ? fd_param_index(id) : -1;
  t.keep_enter = t.is_enter && (some_form(id + 1, handler_uses_enter) || path_is_in_enter(id + 1));
  t.nparams = static_cast<uint8_t>(info.params.size());
  return t;
}

}  // namespace

const Traits* event_traits() {
  static const auto table = [] {
    std::array<Traits, schema::event_count> all;
    for (uint32_t id = 0; id < schema::event_count; ++id) all[id] = traits_of(id);
    return all;
  }();
  return table.data();
}

std::bitset<schema::event_count> state_event_types() {
  std::bitset<schema::event_count> types;
  for (uint32_t id = 0; id < schema::event_count; ++id) {
    const Traits& traits = event_traits()[id];
    types[id] = traits.handled || traits.keep_enter || !traits.known;
  }
  return types;
}

}  // namespace gyr
