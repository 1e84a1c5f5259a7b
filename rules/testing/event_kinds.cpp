#include "rules/testing/event_kinds.hpp"

#include <algorithm>
#include <map>

namespace gyr::rules {

namespace {

bool is_of_today(uint32_t id) {
  return (schema::events[id].flags & (schema::unused | schema::old_version)) == 0;
}

using Kinds = std::map<std::string_view, EventKind>;

Kinds all_kinds() {
  Kinds kinds;
  for (uint32_t id = 2; id + 1 < schema::events.size(); id += 2) {
    if (is_of_today(id + 1))
      kinds[schema::events[id + 1].name] = {static_cast<uint16_t>(id + 1)};
    else if (is_of_today(id) && schema::events[id].source != schema::Source::syscall)
      kinds[schema::events[id].name] = {static_cast<uint16_t>(id)};
  }
  for (const schema::Syscall& call : schema::syscalls)
    if (call.event == 0) kinds.try_emplace(call.name, EventKind{schema::type::generic_exit, &call});
  kinds["exit"] = {schema::type::procexit_1_enter};
  return kinds;
}

const Kinds& kinds() {
  static const Kinds all = all_kinds();
  return all;
}

}  // namespace

int EventKind::param(std::string_view name) const {
  const auto found = std::ranges::find(info().params, name, &schema::Param::name);
  return found == info().params.end() ? -1 : static_cast<int>(found - info().params.begin());
}

std::optional<EventKind> find_event_kind(std::string_view name) {
  const auto found = kinds().find(name);
  if (found == kinds().end()) return std::nullopt;
  return found->second;
}

std::vector<std::string_view> event_kind_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, kind] : kinds()) names.push_back(name);
  return names;
}

bool says_program(const EventKind& kind) {
  return kind.param("exe") >= 0 && kind.param("ptid") >= 0;
}

bool is_clone(const EventKind& kind) { return says_program(kind) && kind.param("env") < 0; }

}  // namespace gyr::rules
