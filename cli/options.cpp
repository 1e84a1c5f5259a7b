#include "cli/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/whole_number.hpp"
#include "cli/chisels.hpp"
#include "cli/output/formats.hpp"

namespace gyr {

namespace {

Result<uint64_t> parse_count(const std::string& text) {
  if (const auto value = whole_number(text)) return *value;
  return fail(fmt::format("'{}' is not a number", text));
}

Result<void> set_buffers(Options& options, BufferMode mode) {
  if (options.render.buffers != BufferMode::dots && options.render.buffers != mode)
    return fail("only one of -A, -b, -x and -X can be given");
  options.render.buffers = mode;
  return {};
}

Result<void> set_max_events(Options& options, const std::string& text) {
  auto count = parse_count(text);
  if (!count) return fail(std::move(count.error()));
  if (*count == 0) return fail("the number of events must be at least 1");
  options.max_events = *count;
  return {};
}

Result<void> set_max_seconds(Options& options, const std::string& text) {
  auto seconds = parse_count(text);
  if (!seconds) return fail(std::move(seconds.error()));
  constexpr uint64_t ns_per_second = 1'000'000'000;
  if (*seconds == 0 || *seconds > UINT64_MAX / ns_per_second)
    return fail(fmt::format("'{}' is no time that a capture can last", text));
  options.max_seconds = *seconds;
  return {};
}

Result<void> set_time(Options& options, const std::string& text) {
  constexpr std::string_view modes = "ahrdD";
  if (text.size() != 1 || modes.find(text[0]) == std::string_view::npos)
    return fail(fmt::format("'{}' is no time format; there are a, h, r, d and D", text));
  options.time = static_cast<TimeMode>(text[0]);
  return {};
}

Result<void> set_dialect(Options& options, const std::string& text) {
  if (text == "0.29")
    options.render.dialect = Dialect::sysdig_0_29;
  else if (text == "today" || text == "falco")
    options.render.dialect = Dialect::today;
  else
    return fail(fmt::format("'{}' is no known dialect; there are today, 0.29 and falco", text));
  options.as_falco = text == "falco";
  options.dialect_chosen = true;
  return {};
}

/// N of an option that makes no sense with 0.
Result<uint64_t> parse_positive(const std::string& text) {
  auto count = parse_count(text);
  if (count && *count == 0) return fail("must be at least 1");
  return count;
}

template <std::optional<uint64_t> RotationLimits::*Member, uint64_t unit = 1>
Result<void> set_limit(Options& options, const std::string& text) {
  const auto count = parse_positive(text);
  if (!count) return fail(count.error());
  if (*count > UINT64_MAX / unit) return fail(fmt::format("{} is too large", text));
  options.rotation.*Member = *count * unit;
  return {};
}

Result<void> set_format(Options& options, const std::string& text) {
  if (text == "p")
    options.mode = Mode::show_format;
  else
    options.format = format_of(text);
  return {};
}

Result<void> set_snaplen(Options& options, const std::string& text) {
  const auto bytes = parse_count(text);
  if (!bytes) return fail(bytes.error());
  if (*bytes > 65000) return fail("at most 65000 bytes of a buffer can be kept");
  options.live.snaplen = static_cast<uint32_t>(*bytes);
  return {};
}

Result<uint16_t> parse_port(const std::string& text) {
  const auto port = parse_positive(text);
  if (!port) return fail(port.error());
  if (*port > UINT16_MAX) return fail(fmt::format("{} is no port", text));
  return static_cast<uint16_t>(*port);
}

/// PORT or FIRST-LAST.
Result<void> set_full_ports(Options& options, const std::string& text) {
  const size_t dash = text.find('-');
  const auto first = parse_port(text.substr(0, dash));
  if (!first) return fail(first.error());
  const auto last = dash == std::string::npos ? first : parse_port(text.substr(dash + 1));
  if (!last) return fail(last.error());
  if (*last < *first) return fail(fmt::format("'{}' ends before it begins", text));
  options.live.full_port_first = *first;
  options.live.full_port_last = *last;
  options.live.dynamic_snaplen = true;
  return {};
}

Result<void> set_ring_size(Options& options, const std::string& text) {
  const auto mib = parse_positive(text);
  if (!mib) return fail(mib.error());
  if (!std::has_single_bit(*mib) || *mib > 1024)
    return fail(fmt::format("'{}' is no power of two up to 1024", text));
  options.live.ring_mib = *mib;
  return {};
}

Result<void> set_pid(Options& options, const std::string& text) {
  const auto pid = parse_positive(text);
  if (!pid) return fail(pid.error());
  options.live.pid = static_cast<int64_t>(*pid);
  return {};
}

template <bool LiveOptions::*Member, bool value>
Result<void> set_live_flag(Options& options, const std::string&) {
  options.live.*Member = value;
  return {};
}

template <Listing listing>
Result<void> list_fields(Options& options, const std::string&) {
  options.mode = Mode::list_fields;
  options.listing = listing;
  return {};
}

template <Mode mode>
Result<void> set_mode(Options& options, const std::string&) {
  options.mode = mode;
  return {};
}

template <BufferMode mode>
Result<void> set_buffer_mode(Options& options, const std::string&) {
  return set_buffers(options, mode);
}

constexpr CommandOption<Options> rows[] = {
    {"-r,--read", "FILE",
     "Read events from the trace FILE (.scap; plain, gzip or zstd; - is standard input). Can be "
     "given several times: the traces are read one after the other.",
     [](Options& o, const std::string& a) -> Result<void> {
       o.traces.push_back(a);
       return {};
     }},
    {"-n,--numevents", "N", "Stop after N events.", set_max_events},
    {"-M", "SECONDS", "Stop so many seconds (of the trace's time) after the first event.",
     set_max_seconds},
    {"-d,--displayflt", "",
     "The filter chooses what is printed, not what -w writes. Without -w it changes nothing: "
     "filters "
     "always see what the events before have changed.",
     set_flag<&Options::filter_display>},
    {"-t,--timetype", "MODE",
     "Time of each event: h, the time of day (default); a, seconds since the epoch; r, seconds "
     "since the first event; d, the latency of the call; D, since the event printed before.",
     set_time},
    {"-p,--print", "FORMAT",
     "Print each event by FORMAT, in which %FIELD stands for the value of a field "
     "(gyr -l lists them). An event that has no value for one of them is left out, unless FORMAT "
     "begins with *. -pc, -pk and -pm are formats for containers, Kubernetes and Mesos; -pp prints "
     "the default format.",
     set_format},
    {"-j,--json", "",
     "Print each event as a JSON object on a line of its own: the fields of the default line, or "
     "those of -p FORMAT.",
     set_flag<&Options::json>},
    {"-R,--resolve-ports", "", "In fields of a socket's protocol, names for port numbers.",
     set_flag<&Options::resolve_ports>},
    {"-A,--print-ascii", "", "Data buffers as text: line ends kept, unprintable bytes dropped.",
     set_buffer_mode<BufferMode::ascii>},
    {"-b,--print-base64", "", "Data buffers in base64.", set_buffer_mode<BufferMode::base64>},
    {"-x,--print-hex", "", "Data buffers in hexadecimal.", set_buffer_mode<BufferMode::hex>},
    {"-X,--print-hex-ascii", "", "Data buffers in hexadecimal and as text.",
     set_buffer_mode<BufferMode::hex_ascii>},
    {"-v,--verbose", "",
     "Data buffers in full instead of their first 80 characters; at the end, figures about the run "
     "on standard error. With -l, the types of the fields.",
     set_flag<&Options::verbose>},
    {"-q,--quiet", "", "Print no events.", set_flag<&Options::quiet>},
    {"-S,--summary", "", "At the end, a table of the most frequent event types.",
     set_flag<&Options::summary>},
    {"-D,--debug", "", "Print internal events too.", set_flag<&Options::debug>},
    {"-P,--progress", "",
     "On a terminal, a line with how much was read, how fast, and the time left.",
     set_flag<&Options::progress>},
    {"-E,--exclude-users", "", "Do not use the names of users and groups.",
     set_flag<&Options::exclude_users>},
    {"-w,--write", "FILE",
     "Write the events to the trace FILE (- is standard output) instead of printing them: "
     "compressed with zstd, unless -z or --plain is given. With a filter, events that name the "
     "processes and descriptors of the others are kept too, hidden.",
     [](Options& o, const std::string& a) -> Result<void> {
       if (a.empty()) return fail("no file is named");
       o.write_to = a;
       return {};
     }},
    {"--echo", "", "With -w: print the events too.", set_flag<&Options::echo>},
    {"-z,--compress", "", "With -w: compress with gzip, which sysdig and Falco read.",
     set_flag<&Options::gzip>},
    {"--plain", "", "With -w: do not compress.", set_flag<&Options::plain>},
    {"-C,--file-size", "N",
     "With -w: go on in another file when one has more than N million bytes.",
     set_limit<&RotationLimits::bytes, 1'000'000>},
    {"-G,--seconds", "N",
     "With -w: go on in another file every N seconds. With a % in its name, the name is that of "
     "strftime(3) for the time at which the file begins.",
     set_limit<&RotationLimits::seconds>},
    {"-e,--event-limit", "N", "With -w: go on in another file after N events.",
     set_limit<&RotationLimits::events>},
    {"-W,--limit", "N", "With -C, -G or -e: keep at most N files, writing over the oldest.",
     set_limit<&RotationLimits::files>},
    {"-F,--fatfile", "",
     "Accepted for sysdig's sake: the events that only the state needs are always kept when "
     "writing, and always used and never shown when reading.",
     [](Options&, const std::string&) -> Result<void> { return {}; }},
    {"-s,--snaplen", "LEN",
     "When capturing, the bytes kept of each data buffer: 80, at most 65000. Without effect when "
     "reading.",
     set_snaplen},
    {"--snaplen-protocols", "",
     "When capturing, keep more of what looks like a message that is worth it: 2000 bytes of HTTP, "
     "MySQL, PostgreSQL, MongoDB and statsd (port 8125), 512 of DNS.",
     set_live_flag<&LiveOptions::dynamic_snaplen, true>},
    {"--snaplen-ports", "PORTS",
     "When capturing, keep 16000 bytes of each buffer that goes over these ports (80, 8000-8099), "
     "on either side. Includes --snaplen-protocols.",
     set_full_ports},
    {"--pid", "PID", "Capture this process and its descendants only.", set_pid},
    {"--user", "NAME", "Who runs the command behind --: as a rule the caller, also under sudo.",
     [](Options& o, const std::string& a) -> Result<void> {
       o.live.user = a;
       return {};
     }},
    {"--switches", "", "When capturing, context switches too.",
     set_live_flag<&LiveOptions::switches, true>},
    {"--page-faults", "", "When capturing, page faults too.",
     set_live_flag<&LiveOptions::page_faults, true>},
    {"--with-self", "", "When capturing, what gyr itself does too.",
     set_live_flag<&LiveOptions::with_self, true>},
    {"--no-latency", "",
     "When capturing, do not look where calls begin: cheaper, without their latency, and paths are "
     "what the memory holds when the call ends.",
     set_live_flag<&LiveOptions::latency, false>},
    {"--ring-size", "MIB",
     "When capturing, the memory of each CPU's ring: 8, a power of two up to 1024. A larger one "
     "loses less when much happens at once.",
     set_ring_size},
    {"--unbuffered", "", "Write each line as soon as it is complete.",
     set_flag<&Options::unbuffered>},
    {"--compat", "VERSION",
     "Print events as another version of sysdig does. 0.29 leaves out the parameters that sysdig "
     "0.29.3 does not know; today, the default, prints all that are in the trace; falco gives "
     "fd.* and evt.arg the values that Falco's rules see where sysdig's differ.",
     set_dialect},
    {"-c,--chisel", "CHISEL [ARGS]",
     "Run a chisel over the events instead of printing them. ARGS is one word: -c fileslower 10, "
     "-c spy_port '443 disable_color'. Can be given several times.",
     add_chisel},
    {"--list-chisels", "",
     "(or -cl) List the chisels by category. Words behind the options choose those that have them "
     "in their name or description.",
     set_mode<Mode::list_chisels>},
    {"-i,--chisel-info", "CHISEL", "Describe a chisel and its arguments.",
     [](Options& o, const std::string& a) -> Result<void> {
       o.mode = Mode::describe_chisel;
       o.described_chisel = a;
       return {};
     }},
    {"-L,--list-events", "", "List the event types with their parameters.",
     set_mode<Mode::list_events>},
    {"-l,--list", "",
     "List the fields for filters and formats. Words behind the options choose: a field by its "
     "name, or those that have all of the words in their name or description.",
     list_fields<Listing::text>},
    {"--list-markdown", "", "The same as Markdown.", list_fields<Listing::markdown>},
    {"--list-json", "", "The same as JSON, with all that is known of each field.",
     list_fields<Listing::json>},
    {"-h,--help", "", "Print this help.", set_mode<Mode::help>},
    {"--version", "", "Print the version.", set_mode<Mode::version>},
};

}  // namespace

std::span<const CommandOption<Options>> option_table() { return rows; }

namespace {

/// With traces, -- stands before the filter; a command to capture makes no sense there.
Result<void> place_command(Options& options, std::vector<std::string> command) {
  if (!options.traces.empty()) {
    options.filter_words.insert(options.filter_words.end(), command.begin(), command.end());
    return {};
  }
  if (!command.empty() && options.live.pid) return fail("only one of --pid and -- COMMAND");
  if (command.empty() && !options.live.user.empty()) return fail("--user is for -- COMMAND");
  options.live.command = std::move(command);
  return {};
}

}  // namespace

namespace {

/// What -w changes.
Result<void> settle_writing(Options& options) {
  if (options.echo && options.write_to.empty()) return fail("--echo is for -w FILE");
  if (options.echo && options.write_to == "-")
    return fail("--echo and -w - would both write to standard output");
  if (options.write_to.empty()) return {};
  options.quiet = options.quiet || !options.echo;
  options.progress = options.progress || !options.echo;
  return {};
}

/// Chisels are written for sysdig 0.29 unless they say otherwise. Live they see all events, of
/// which that version has no traces.
void settle_chisels(Options& options) {
  if (options.chisels.empty()) return;
  const bool for_today =
      std::ranges::all_of(options.chisels, [](const auto& request) { return request.for_today; });
  if (!options.dialect_chosen && !for_today) options.render.dialect = Dialect::sysdig_0_29;
}

}  // namespace

Result<Options> parse_options(std::vector<std::string> arguments) {
  Options options;
  auto command = cut_command(arguments);
  auto joined = join_chisel_words(std::move(arguments));
  if (!joined) return fail(std::move(joined.error()));
  auto words = parse_command<Options>(rows, options, std::move(*joined), "gyr");
  if (!words) return fail(std::move(words.error()));
  options.filter_words = std::move(*words);
  if (auto placed = place_command(options, std::move(command)); !placed)
    return fail(std::move(placed.error()));
  if (options.gzip && options.plain) return fail("only one of -z and --plain can be given");
  if (auto written = settle_writing(options); !written) return fail(std::move(written.error()));
  options.render.user_names = !options.exclude_users;
  if (options.verbose || options.json) options.render.buffer_limit = 0;
  settle_chisels(options);
  return options;
}

std::string help_text() {
  constexpr size_t doc_column = 26;
  return "gyr: what a Linux host does, live and from traces\n\n"
         "Usage: gyr [options] [FILTER]            show what happens on this host\n"
         "       gyr [options] -- COMMAND...       what COMMAND and its descendants do\n"
         "       gyr -w TRACE [options] [FILTER]   record it\n"
         "       gyr -r TRACE [options] [FILTER]   print the events of a trace\n"
         "       gyr doctor                        whether this host can be captured\n"
         "       gyr info TRACE...                 what traces hold\n"
         "       gyr convert TRACE -o FILE         compress otherwise, cut, filter\n"
         "       gyr merge TRACE... -o FILE        join traces by time\n"
         "       gyr scan [-r RULES] [TRACE...]    where rules match, in traces or live\n"
         "       gyr test RULES...                 whether they give the right alerts\n"
         "       gyr completion SHELL              what bash, zsh or fish completes with\n\n" +
         options_help<Options>(rows, doc_column);
}

}  // namespace gyr
