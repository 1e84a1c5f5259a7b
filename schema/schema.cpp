#include "schema/schema.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "schema_tables.hpp"

namespace gyr::schema {

constinit const std::span<const Event> events = tables::events;
constinit const std::span<const TypeInfo> param_types = tables::param_types;
constinit const std::span<const FlagTable> flag_tables = tables::flag_tables;
constinit const std::span<const Syscall> syscalls = tables::syscalls;

namespace {

constexpr const Event& event_at(uint32_t id) { return tables::events[id]; }

// ---- indexes ----

// The rows of event `id` are [first_upgrade[id], first_upgrade[id + 1]).
constexpr auto first_upgrade = [] {
  std::array<uint16_t, event_count + 1> first{};
  size_t row = 0;
  for (uint32_t id = 0; id <= event_count; id++) {
    while (row < std::size(tables::upgrades) && tables::upgrades[row].event < id) row++;
    first[id] = static_cast<uint16_t>(row);
  }
  return first;
}();

constexpr uint8_t no_compat = 255;

constexpr auto compat_row = [] {
  std::array<uint8_t, event_count> row_of{};
  row_of.fill(no_compat);
  for (size_t i = 0; i < std::size(tables::compat_029); i++) {
    row_of[tables::compat_029[i].event] = static_cast<uint8_t>(i);
  }
  return row_of;
}();

template <int16_t Syscall::*number>
constexpr size_t native_end() {
  int16_t highest = -1;
  for (const Syscall& s : tables::syscalls) highest = std::max(highest, s.*number);
  return static_cast<size_t>(highest + 1);
}

// Native number -> scap code; -1 where there is none.
template <int16_t Syscall::*number>
constexpr auto codes_by() {
  std::array<int16_t, native_end<number>()> codes{};
  codes.fill(-1);
  for (size_t code = 0; code < syscall_count; code++) {
    const int16_t native = tables::syscalls[code].*number;
    if (native >= 0) codes[static_cast<size_t>(native)] = static_cast<int16_t>(code);
  }
  return codes;
}

constexpr auto codes_x86_64 = codes_by<&Syscall::x86_64>();
constexpr auto codes_aarch64 = codes_by<&Syscall::aarch64>();

template <size_t n>
const Syscall* syscall_by(const std::array<int16_t, n>& codes, uint32_t number) {
  if (number >= n || codes[number] < 0) return nullptr;
  return &syscalls[static_cast<size_t>(codes[number])];
}

// ---- proof that the tables are what the lookups and schema.hpp take for granted ----

constexpr size_t param_type_count = std::size(tables::param_types);

static_assert(std::size(tables::events) == event_count && event_count % 2 == 0);
static_assert(std::ranges::all_of(tables::events,
                                  [](const Event& e) { return e.params.size() <= max_params; }));
static_assert(std::size(tables::syscalls) == syscall_count);
static_assert(param_type_count == static_cast<size_t>(ParamType::pid32) + 1);
static_assert(std::size(tables::upgrades) < UINT16_MAX);
static_assert(std::size(tables::compat_029) < no_compat);

constexpr bool params_are_sound(std::span<const Param> params) {
  return params.size() < 255 && std::ranges::all_of(params, [params](const Param& p) {
           const bool relative = p.type == ParamType::fsrelpath;
           return (p.dirfd >= 0) == relative && (p.type == ParamType::dyn) == !p.variants.empty() &&
                  (!relative || (static_cast<size_t>(p.dirfd) < params.size() &&
                                 params[static_cast<size_t>(p.dirfd)].type == ParamType::fd));
         });
}

static_assert(std::ranges::all_of(tables::events,
                                  [](const Event& e) { return params_are_sound(e.params); }));

template <class Item, size_t n>
constexpr bool names_are_unique(const Item (&items)[n]) {
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < i; j++) {
      if (items[i].name == items[j].name) return false;
    }
  }
  return true;
}

// A name may be listed twice (it then prints twice), but with one value only.
constexpr bool flag_names_are_unambiguous(std::span<const FlagName> names) {
  for (size_t i = 0; i < names.size(); i++) {
    for (size_t j = 0; j < i; j++) {
      if (names[i].name == names[j].name && names[i].value != names[j].value) return false;
    }
  }
  return !names.empty();
}

static_assert(names_are_unique(tables::param_types));
static_assert(names_are_unique(tables::flag_tables));
static_assert(std::ranges::all_of(tables::flag_tables, [](const FlagTable& table) {
  return flag_names_are_unambiguous(table.names);
}));

// Two system calls with one number would leave fewer codes than numbers.
template <int16_t Syscall::*number>
constexpr bool natives_are_unique() {
  constexpr auto codes = codes_by<number>();
  const auto with_number =
      std::ranges::count_if(tables::syscalls, [](const Syscall& s) { return s.*number >= 0; });
  return with_number == std::ranges::count_if(codes, [](int16_t code) { return code >= 0; });
}

static_assert(natives_are_unique<&Syscall::x86_64>());
static_assert(natives_are_unique<&Syscall::aarch64>());
static_assert(std::ranges::all_of(tables::syscalls, [](const Syscall& s) {
  return s.event < event_count && is_enter(s.event) && (event_at(s.event + 1u).flags & unused) == 0;
}));

// Rows of an event are found = 0, 1, 2, ..., so that `found` indexes them.
constexpr bool upgrades_are_dense() {
  const auto& rows = tables::upgrades;
  for (size_t i = 0; i < std::size(rows); i++) {
    const bool continues = i > 0 && rows[i].event == rows[i - 1].event;
    if (rows[i].found != (continues ? rows[i - 1].found + 1 : 0)) return false;
    if (i > 0 && rows[i].event < rows[i - 1].event) return false;
    if (rows[i].found > event_at(rows[i].event).params.size()) return false;
  }
  return true;
}

static_assert(upgrades_are_dense());

// The last row of a superseded event is that of its complete form; an event that has today's form
// when complete has no such row.
constexpr bool is_todays_form(uint32_t id) {
  return first_upgrade[id + 1] - first_upgrade[id] <= static_cast<int>(event_at(id).params.size());
}

// The form in which a complete event of this id is remembered as enter event.
constexpr const Event& remembered_form(uint32_t id) {
  if (is_todays_form(id)) return event_at(id);
  return event_at(tables::upgrades[first_upgrade[id + 1] - 1u].upgrade.target);
}

constexpr bool sources_exist(const tables::UpgradeRow& row) {
  return std::ranges::all_of(row.upgrade.sources, [&row](const ParamSource& source) {
    if (source.from == ParamSource::own) return source.index < row.found;
    if (source.from == ParamSource::zero || source.from == ParamSource::empty) return true;
    return !is_enter(row.event) && source.index < remembered_form(row.event - 1u).params.size();
  });
}

static_assert(std::ranges::all_of(tables::upgrades, [](const tables::UpgradeRow& row) {
  const Event& target = event_at(row.upgrade.target);
  return is_todays_form(row.upgrade.target) &&
         is_enter(row.event) == is_enter(row.upgrade.target) &&
         (is_enter(row.event) || (target.flags & old_version) == 0) &&
         row.upgrade.sources.size() == target.params.size() && sources_exist(row);
}));

// less_equal: also without two rows for one event.
static_assert(std::ranges::is_sorted(tables::compat_029, std::ranges::less_equal{},
                                     &Compat029::event));
static_assert(std::ranges::all_of(tables::compat_029, [](const Compat029& c) {
  return c.known_params == c.params.size() && c.known_params <= event_at(c.event).params.size() &&
         params_are_sound(c.params);
}));

}  // namespace

const Upgrade* find_upgrade(uint32_t id, uint32_t nparams) {
  if (id >= event_count) return nullptr;
  const size_t found = std::min<size_t>(nparams, events[id].params.size());
  const size_t row = first_upgrade[id] + found;
  return row < first_upgrade[id + 1] ? &tables::upgrades[row].upgrade : nullptr;
}

const Syscall* syscall_by_x86_64(uint32_t number) { return syscall_by(codes_x86_64, number); }

const Syscall* syscall_by_aarch64(uint32_t number) { return syscall_by(codes_aarch64, number); }

const Compat029* find_compat_029(uint32_t id) {
  if (id >= event_count || compat_row[id] == no_compat) return nullptr;
  return &tables::compat_029[compat_row[id]];
}

}  // namespace gyr::schema
