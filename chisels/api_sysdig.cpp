// The table `sysdig`: the run, the machine, and what the run is to do.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <sstream>

#include "chisels/api.hpp"
#include "chisels/chisel.hpp"
#include "filter/parser.hpp"

namespace gyr::chisels {

namespace {

constexpr double most_snaplen = 65000;

Result<int> set_filter(Chisel& chisel, lua_State* lua) {
  const auto text = text_argument(lua, 1, "the filter");
  if (!text) return fail(text.error());
  std::string& of_capture = chisel.host().capture_filter;
  if (!of_capture.empty()) return fail("a filter for the capture is set already");
  if (auto compiled = filter::Filter::compile(*text); !compiled)
    return fail("filter: " + filter::explain(*text, compiled.error()));
  of_capture = *text;
  return 0;
}

Result<int> set_snaplen(Chisel& chisel, lua_State* lua) {
  const auto bytes = count_argument(lua, 1, "the length", static_cast<uint64_t>(most_snaplen));
  if (!bytes) return fail(bytes.error());
  chisel.host().snaplen = static_cast<uint32_t>(*bytes);
  return 0;
}

/// Buffer modes by sysdig's names. "normal" and "json" are those of no option.
Result<BufferMode> buffer_mode(std::string_view name) {
  if (name == "normal" || name == "json" || name == "simple") return BufferMode::dots;
  if (name == "hex") return BufferMode::hex;
  if (name == "hexascii") return BufferMode::hex_ascii;
  if (name == "ascii") return BufferMode::ascii;
  if (name == "base64" || name == "jsonbase64") return BufferMode::base64;
  return fail(fmt::format("there is no output format '{}'", name));
}

Result<int> set_output_format(Chisel& chisel, lua_State* lua) {
  const auto name = text_argument(lua, 1, "the output format");
  if (!name) return fail(name.error());
  const auto mode = buffer_mode(*name);
  if (!mode) return fail(mode.error());
  ChiselHost& host = chisel.host();
  if (!host.buffers_chosen) host.settings->render.buffers = *mode;
  return 0;
}

/// Events that only the state needs are always kept when writing.
Result<int> set_fatfile_dump_mode(Chisel&, lua_State*) { return 0; }

Result<int> is_live(Chisel& chisel, lua_State* lua) {
  lua_pushboolean(lua, chisel.host().live);
  return 1;
}

Result<int> is_tty(Chisel& chisel, lua_State* lua) {
  lua_pushboolean(lua, chisel.host().terminal);
  return 1;
}

Result<int> is_print_container_data(Chisel& chisel, lua_State* lua) {
  lua_pushboolean(lua, chisel.host().container_data);
  return 1;
}

void set_number(lua_State* lua, const char* key, double value) {
  lua_pushnumber(lua, value);
  lua_setfield(lua, -2, key);
}

Result<int> get_terminal_info(Chisel&, lua_State* lua) {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0;
  lua_createtable(lua, 0, 2);
  set_number(lua, "width", known ? size.ws_col : -1);
  set_number(lua, "height", known ? size.ws_row : -1);
  return 1;
}

Result<int> get_filter(Chisel& chisel, lua_State* lua) {
  push_text(lua, chisel.host().filter);
  return 1;
}

Result<int> get_machine_info(Chisel& chisel, lua_State* lua) {
  constexpr double max_pid = 1 << 22;
  const State* state = chisel.host().state;
  if (state == nullptr) return fail("the machine is known from on_capture_start on");
  lua_createtable(lua, 0, 4);
  set_number(lua, "num_cpus", state->machine.cpus);
  set_number(lua, "memory_size_bytes", static_cast<double>(state->machine.memory_bytes));
  set_number(lua, "max_pid", max_pid);
  push_text(lua, state->machine.hostname);
  lua_setfield(lua, -2, "hostname");
  return 1;
}

Result<int> get_output_format(Chisel& chisel, lua_State* lua) {
  push_text(lua, chisel.host().json ? "json" : "normal");
  return 1;
}

Result<int> get_evtsource_name(Chisel& chisel, lua_State* lua) {
  push_text(lua, chisel.host().source_name);
  return 1;
}

Result<int> get_firstevent_ts(Chisel& chisel, lua_State* lua) {
  push_decimal(lua, static_cast<int64_t>(chisel.host().first_ts));
  return 1;
}

Result<int> get_lastevent_ts(Chisel& chisel, lua_State* lua) {
  push_decimal(lua, static_cast<int64_t>(chisel.host().last_ts));
  return 1;
}

Result<int> get_read_progress(Chisel& chisel, lua_State* lua) {
  lua_pushnumber(lua, chisel.host().progress);
  return 1;
}

// ---- times as decimal texts, since a number has 53 bits ----

Result<uint64_t> time_argument(lua_State* lua, int index) {
  const auto text = text_argument(lua, index, "a time");
  if (!text) return fail(text.error());
  int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc() || stop != end)
    return fail(fmt::format("'{}' is no whole number of nanoseconds", *text));
  return static_cast<uint64_t>(value);
}

template <class Operation>
Result<int> compute(lua_State* lua, Operation operation) {
  const auto a = time_argument(lua, 1);
  if (!a) return fail(a.error());
  const auto b = time_argument(lua, 2);
  if (!b) return fail(b.error());
  push_decimal(lua, static_cast<int64_t>(operation(*a, *b)));
  return 1;
}

Result<int> make_ts(Chisel&, lua_State* lua) {
  constexpr uint64_t ns_per_second = 1'000'000'000;
  constexpr uint64_t most = uint64_t{1} << 53;
  const auto seconds = count_argument(lua, 1, "the seconds", most);
  if (!seconds) return fail(seconds.error());
  const auto ns = count_argument(lua, 2, "the nanoseconds", most);
  if (!ns) return fail(ns.error());
  push_decimal(lua, static_cast<int64_t>(*seconds * ns_per_second + *ns));
  return 1;
}

Result<int> add_ts(Chisel&, lua_State* lua) { return compute(lua, std::plus<uint64_t>()); }
Result<int> subtract_ts(Chisel&, lua_State* lua) { return compute(lua, std::minus<uint64_t>()); }

// ---- what is to be done ----

/// Words between blanks; what stands in double quotes is one.
std::vector<std::string> split_line(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, begun = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
      begun = true;
    } else if (c == ' ' && !quoted) {
      if (begun) words.push_back(std::move(word));
      word.clear();
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  if (begun) words.push_back(std::move(word));
  return words;
}

Result<int> run_app(Chisel& chisel, lua_State* lua) {
  const auto line = text_argument(lua, 1, "the arguments");
  if (!line) return fail(line.error());
  chisel.host().run_app = split_line(*line);
  chisel.host().run_app_asked = true;
  return 0;
}

Result<int> end_capture(Chisel& chisel, lua_State*) {
  chisel.host().end_capture = true;
  return 0;
}

Result<int> log(Chisel& chisel, lua_State* lua) {
  const auto message = text_argument(lua, 1, "the message");
  if (!message) return fail(message.error());
  const auto severity = text_argument(lua, 2, "the severity");
  if (!severity) return fail(severity.error());
  bool known = false;
  for (const char* word : {"debug", "info", "warning", "error", "critical"})
    known = known || *severity == word;
  if (!known) return fail(fmt::format("there is no severity '{}'", *severity));
  if (*severity == "debug" || *severity == "info") return 0;
  fmt::print(stderr, "gyr: chisel {}: {}: {}\n", chisel.name(), *severity, *message);
  return 0;
}

/// For programs that embed the API elsewhere: checked, and without effect.
Result<int> push_metric(Chisel&, lua_State* lua) {
  const auto name = text_argument(lua, 1, "the name");
  if (!name) return fail(name.error());
  const auto value = number_argument(lua, 2, "the value");
  if (!value) return fail(value.error());
  return 0;
}

}  // namespace

void add_system_api(lua_State* lua, Chisel& chisel) {
  constexpr std::pair<const char*, lua_CFunction> functions[] = {
      {"set_filter", enter<set_filter>},
      {"set_snaplen", enter<set_snaplen>},
      {"set_output_format", enter<set_output_format>},
      {"set_fatfile_dump_mode", enter<set_fatfile_dump_mode>},
      {"is_live", enter<is_live>},
      {"is_tty", enter<is_tty>},
      {"is_print_container_data", enter<is_print_container_data>},
      {"get_terminal_info", enter<get_terminal_info>},
      {"get_filter", enter<get_filter>},
      {"get_machine_info", enter<get_machine_info>},
      {"get_output_format", enter<get_output_format>},
      {"get_evtsource_name", enter<get_evtsource_name>},
      {"get_firstevent_ts", enter<get_firstevent_ts>},
      {"get_lastevent_ts", enter<get_lastevent_ts>},
      {"get_read_progress", enter<get_read_progress>},
      {"make_ts", enter<make_ts>},
      {"add_ts", enter<add_ts>},
      {"subtract_ts", enter<subtract_ts>},
      {"run_app", enter<run_app>},
      {"run_sysdig", enter<run_app>},
      {"end_capture", enter<end_capture>},
      {"log", enter<log>},
      {"push_metric", enter<push_metric>},
  };
  for (const auto& [name, function] : functions) add_function(lua, chisel, name, function);
}

}  // namespace gyr::chisels
