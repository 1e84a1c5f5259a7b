// The command line: one table for the parser, the help, the manual page and completions.
//
// Contract: `parse_options` fills an Options from argv or says what is wrong and what would be
// right. To add an option: a member of Options and a row of the table in options.cpp.
//
// Example:
//   auto options = parse_options({"-r", "t.scap", "-n", "5"});
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "chisels/chisel_set.hpp"
#include "cli/command_line.hpp"
#include "cli/rotation.hpp"
#include "filter/fields/field.hpp"

namespace gyr {

enum class Mode : uint8_t {
  events,
  list_events,
  list_fields,
  list_chisels,
  describe_chisel,
  show_format,
  help,
  version
};

/// How -l and its kin show the fields.
enum class Listing : uint8_t { text, markdown, json };

using filter::TimeMode;

/// What only a capture needs.
struct LiveOptions {
  uint32_t snaplen = 80;
  bool dynamic_snaplen = false;
  uint16_t full_port_first = 0, full_port_last = 0;
  uint64_t ring_mib = 8;  // per CPU
  bool latency = true;
  bool with_self = false;
  bool switches = false;
  bool page_faults = false;
  std::vector<std::string> command;  // behind --
  std::string user;                  // that runs the command; empty: the caller
  std::optional<int64_t> pid;        // of the tree that is captured
};

struct Options {
  Mode mode = Mode::events;
  std::vector<std::string> traces;
  std::vector<std::string> filter_words;
  std::optional<uint64_t> max_events;
  std::optional<uint64_t> max_seconds;  // of trace time
  TimeMode time = TimeMode::clock;
  RenderOptions render;
  std::optional<std::string> format;  // -p, escapes resolved; none: the default line
  bool json = false;
  bool resolve_ports = false;
  bool filter_display = false;  // the filter chooses what is printed, not what is written
  bool as_falco = false;        // fields as Falco's libraries have them
  Listing listing = Listing::text;
  bool debug = false;  // internal events too
  bool quiet = false;
  bool verbose = false;
  bool summary = false;
  bool progress = false;
  bool unbuffered = false;
  std::string write_to;  // -w; empty: no trace is written
  bool echo = false;     // print what is written, too
  bool gzip = false;
  bool plain = false;
  RotationLimits rotation;
  bool exclude_users = false;
  LiveOptions live;
  std::vector<chisels::ChiselRequest> chisels;
  std::string described_chisel;  // -i
  bool dialect_chosen = false;
  // Decided from the terminal, not options:
  bool color = false;
  bool with_pid = false;  // "(pid.tid)" instead of "(tid)"
};

std::span<const CommandOption<Options>> option_table();

Result<Options> parse_options(std::vector<std::string> arguments);

/// The text of --help.
std::string help_text();

}  // namespace gyr
