// Prints the tables of gyr-scap(5) from those that the program reads traces with.
//
//   format_roff PART     one of `parts`, at the end of this file
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "capture/file/blocks.hpp"
#include "capture/file/reader.hpp"
#include "man/roff.hpp"
#include "schema/schema.hpp"

namespace {

using namespace gyr;
using roff::bold;
using roff::escaped;
using roff::italic;

// ---- tables for tbl(1) ----

void begin_table(std::string_view columns, std::string_view header) {
  fmt::print(".TS\ntab(|) nokeep;\n{}\n.\n{}\n_\n", columns, header);
}

void end_table() { fmt::print(".TE\n"); }

// ---- blocks ----

void print_blocks() {
  begin_table("lB lB lB\nl l l.", "Type|Old number|Content");
  for (const BlockInfo& block : block_table) {
    const std::string old = block.old_alias != 0 ? fmt::format("{:#x}", block.old_alias) : "";
    fmt::print("{:#x}|{}|{}\n", block.type, old, escaped(block.name));
  }
  end_table();
}

// ---- parameter types ----

void print_types() {
  begin_table("lB lB lB\nl l l.", "Type|Bytes|Kind");
  for (const schema::TypeInfo& type : schema::param_types) {
    if (type.name == "none") continue;
    const std::string bytes = type.size != 0 ? fmt::format("{}", type.size) : "variable";
    fmt::print("{}|{}|{}\n", bold(type.name), bytes, type.is_signed ? "signed" : "");
  }
  end_table();
}

// ---- events ----

std::string_view format_name(schema::Format format) {
  switch (format) {
    case schema::Format::hex:
      return " hex";
    case schema::Format::oct:
      return " octal";
    default:
      return "";
  }
}

std::string_view type_name(schema::ParamType type) {
  return schema::param_types[static_cast<size_t>(type)].name;
}

bool prints_by_format(schema::ParamType type) {
  return type <= schema::ParamType::uint64 || type == schema::ParamType::mode;
}

std::string variants_text(const schema::Param& param) {
  std::string text;
  for (size_t i = 0; i < param.variants.size(); ++i)
    text += fmt::format("{}{} {}", i != 0 ? ", " : "", i, type_name(param.variants[i].type));
  return text;
}

std::string param_text(const schema::Event& event, const schema::Param& param) {
  std::string name(param.name);
  std::replace(name.begin(), name.end(), ' ', '_');
  std::string text = fmt::format("{}:{}", italic(name), escaped(type_name(param.type)));
  if (prints_by_format(param.type)) text += format_name(param.format);
  if (param.flags != nullptr) text += fmt::format(" {}", escaped(param.flags->name));
  if (param.dirfd >= 0)
    text += fmt::format(" of {}", escaped(event.params[static_cast<size_t>(param.dirfd)].name));
  if (!param.variants.empty()) text += fmt::format(" ({})", variants_text(param));
  return text;
}

void print_event(uint32_t id, const schema::Event& event, std::string_view note) {
  fmt::print(".TP\n\\fB{}\\fR {} {}", schema::id_in_file(static_cast<uint16_t>(id)),
             schema::is_enter(id) ? ">" : "<", bold(event.name));
  if ((event.flags & schema::large_payload) != 0) fmt::print(" (32\\-bit lengths)");
  fmt::print("{}\n", note);
  std::string text;
  for (const schema::Param& param : event.params) {
    if (!text.empty()) text += ",\n";
    text += param_text(event, param);
  }
  fmt::print("{}\n", text.empty() ? "(no parameters)" : text);
}

bool has_flag(const schema::Event& event, uint32_t flag) { return (event.flags & flag) != 0; }

/// Enter events that are no longer written, but whose id has a living exit event.
bool is_former_enter(uint32_t id) {
  return schema::is_enter(id) && has_flag(schema::events[id], schema::old_version) &&
         !has_flag(schema::events[id + 1], schema::old_version | schema::unused);
}

template <class Choose>
void print_events(Choose choose) {
  for (uint32_t id = 0; id < schema::events.size(); ++id) {
    const schema::Event& event = schema::events[id];
    if (has_flag(event, schema::unused) || !choose(id, event)) continue;
    std::string note;
    const schema::Upgrade* upgrade =
        schema::find_upgrade(id, static_cast<uint32_t>(event.params.size()));
    if (upgrade != nullptr && upgrade->target != id)
      note = fmt::format(", today \\fB{}\\fR", upgrade->target);
    print_event(id, event, note);
  }
}

void print_current_events() {
  print_events([](uint32_t id, const schema::Event& event) {
    return id < schema::scap_event_count && !has_flag(event, schema::old_version);
  });
}

void print_own_events() {
  print_events([](uint32_t id, const schema::Event&) { return id >= schema::scap_event_count; });
}

void print_former_enters() {
  print_events([](uint32_t id, const schema::Event& event) {
    return is_former_enter(id) && !event.params.empty();
  });
}

void print_superseded() {
  print_events([](uint32_t id, const schema::Event& event) {
    return has_flag(event, schema::old_version) && !is_former_enter(id);
  });
}

// ---- names of values ----

/// Tables whose values are bits; the others number things.
std::set<const schema::FlagTable*> bit_tables() {
  std::set<const schema::FlagTable*> tables;
  for (const schema::Event& event : schema::events) {
    for (const schema::Param& param : event.params) {
      const bool bits =
          (param.type >= schema::ParamType::flags8 && param.type <= schema::ParamType::flags32) ||
          param.type == schema::ParamType::mode;
      if (bits && param.flags != nullptr) tables.insert(param.flags);
    }
  }
  return tables;
}

void print_flags() {
  const auto bits = bit_tables();
  for (const schema::FlagTable& table : schema::flag_tables) {
    const bool hex = bits.contains(&table);
    fmt::print(".TP\n{}\n", bold(table.name));
    for (size_t i = 0; i < table.names.size(); ++i) {
      const schema::FlagName& flag = table.names[i];
      const std::string value =
          hex ? fmt::format("{:#x}", flag.value) : fmt::format("{}", flag.value);
      fmt::print("{}\\ {}{}\n", value, escaped(flag.name), i + 1 < table.names.size() ? "," : "");
    }
  }
}

// ---- system calls ----

std::string native(int16_t number) { return number >= 0 ? fmt::format("{}", number) : "\\-"; }

void print_syscalls() {
  begin_table("lB lB lB lB lB\nr l r r l.", "Code|Name|x86_64|aarch64|Exit event");
  for (size_t code = 0; code < schema::syscalls.size(); ++code) {
    const schema::Syscall& call = schema::syscalls[code];
    const std::string event = call.event != 0 ? fmt::format("{}", call.event + 1) : "";
    fmt::print("{}|{}|{}|{}|{}\n", code, escaped(call.name), native(call.x86_64),
               native(call.aarch64), event);
  }
  end_table();
}

void print_largest_block() { fmt::print("{}\n", max_block_size); }

struct Part {
  std::string_view name;
  void (*print)();
};

constexpr Part parts[] = {
    {"blocks", print_blocks},
    {"types", print_types},
    {"events", print_current_events},
    {"enters", print_former_enters},
    {"superseded", print_superseded},
    {"own", print_own_events},
    {"flags", print_flags},
    {"syscalls", print_syscalls},
    {"largest_block", print_largest_block},
};

}  // namespace

int main(int argc, char** argv) {
  for (const Part& part : parts) {
    if (argc == 2 && part.name == argv[1]) {
      part.print();
      return 0;
    }
  }
  fmt::print(stderr, "usage: format_roff PART\n");
  return 1;
}
