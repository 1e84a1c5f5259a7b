#include "cli/options.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace gyr;

namespace {

using Words = std::vector<std::string>;

Options parsed(const Words& words) {
  auto options = parse_options(words);
  REQUIRE(options);
  return *options;
}

std::string error_of(const Words& words) {
  const auto options = parse_options(words);
  return options ? "none" : options.error().message;
}

}  // namespace

TEST_CASE("without options") {
  const Options o = parsed({});
  CHECK(o.mode == Mode::events);
  CHECK(o.traces.empty());
  CHECK_FALSE(o.max_events);
  CHECK(o.time == TimeMode::clock);
  CHECK(o.render.buffers == BufferMode::dots);
  CHECK(o.render.buffer_limit == 80);
  CHECK(o.render.dialect == Dialect::today);
  CHECK_FALSE((o.debug || o.quiet || o.verbose || o.summary || o.progress || o.unbuffered));
}

TEST_CASE("short and long names, apart, together and with =") {
  for (const Words& words :
       {Words{"-r", "t", "-n", "5", "-q", "-S"}, Words{"-rt", "-n5", "-qS"},
        Words{"--read", "t", "--numevents", "5", "--quiet", "--summary"},
        Words{"--read=t", "--numevents=5", "-q", "--summary"}, Words{"-Sqn5", "-rt"}}) {
    const Options o = parsed(words);
    CHECK(o.traces == Words{"t"});
    CHECK(o.max_events == 5);
    CHECK(o.quiet);
    CHECK(o.summary);
  }
}

TEST_CASE("several traces keep their order; - is one") {
  CHECK(parsed({"-r", "a", "-n", "1", "-r", "-", "-r", "b"}).traces == Words{"a", "-", "b"});
}

TEST_CASE("every flag sets what it says") {
  CHECK(parsed({"-D"}).debug);
  CHECK(parsed({"-P"}).progress);
  CHECK(parsed({"-R"}).resolve_ports);
  CHECK(parsed({"-E"}).exclude_users);
  CHECK(parsed({"--unbuffered"}).unbuffered);
  CHECK(parsed({"-h"}).mode == Mode::help);
  CHECK(parsed({"--help"}).mode == Mode::help);
  CHECK(parsed({"--version"}).mode == Mode::version);
  CHECK(parsed({"-L"}).mode == Mode::list_events);
  const Options verbose = parsed({"-v"});
  CHECK(verbose.verbose);
  CHECK(verbose.render.buffer_limit == 0);
}

TEST_CASE("time formats, the last one given holds") {
  CHECK(parsed({"-t", "a"}).time == TimeMode::absolute);
  CHECK(parsed({"-t", "h"}).time == TimeMode::clock);
  CHECK(parsed({"-t", "r"}).time == TimeMode::relative);
  CHECK(parsed({"-t", "d"}).time == TimeMode::latency);
  CHECK(parsed({"-t", "D"}).time == TimeMode::delta);
  CHECK(parsed({"-t", "D", "-t", "r"}).time == TimeMode::relative);
  for (const char* wrong : {"", "x", "aa", "A"}) {
    CHECK(error_of({"-t", wrong}) ==
          "-t: '" + std::string(wrong) + "' is no time format; there are a, h, r, d and D");
  }
}

TEST_CASE("buffer modes exclude one another") {
  CHECK(parsed({"-A"}).render.buffers == BufferMode::ascii);
  CHECK(parsed({"-b"}).render.buffers == BufferMode::base64);
  CHECK(parsed({"-x"}).render.buffers == BufferMode::hex);
  CHECK(parsed({"-X"}).render.buffers == BufferMode::hex_ascii);
  CHECK(parsed({"-X", "-X"}).render.buffers == BufferMode::hex_ascii);
  CHECK(error_of({"-X", "-A"}).find("only one of -A, -b, -x and -X") != std::string::npos);
}

TEST_CASE("formats: by letter, by name, by text, glued or apart") {
  CHECK_FALSE(parsed({}).format);
  const std::string container = *parsed({"-pc"}).format;
  CHECK(container.find("%container.name (%container.id)") != std::string::npos);
  for (const Words& words : {Words{"-p", "c"}, Words{"-pcontainer"}, Words{"--print", "container"},
                             Words{"--print=c"}, Words{"-jpc"}, Words{"-qpc"}})
    CHECK(parsed(words).format == container);
  CHECK(parsed({"-pk"}).format == parsed({"-pkubernetes"}).format);
  CHECK(parsed({"-pk"}).format->find("%k8s.pod.name") != std::string::npos);
  CHECK(parsed({"-pm"}).format == parsed({"-pmesos"}).format);
  CHECK(parsed({"-p%evt.num"}).format == "%evt.num");
  CHECK(parsed({"-p", "- %evt.num"}).format == "- %evt.num");
  CHECK(parsed({"-p", "-%evt.num"}).format == "-%evt.num");
  CHECK(parsed({"-p", "a b", "-p", "%evt.num\\t"}).format == "%evt.num\t");
  CHECK(parsed({"-p", ""}).format == "");
  CHECK(parsed({"-pp"}).mode == Mode::show_format);
}

TEST_CASE("JSON shows buffers in full") {
  const Options o = parsed({"-jp", "%evt.num", "evt.type=open"});
  CHECK(o.json);
  CHECK(o.format == "%evt.num");
  CHECK(o.render.buffer_limit == 0);
  CHECK(o.filter_words == Words{"evt.type=open"});
  CHECK_FALSE(parsed({"-j"}).format);
  CHECK(parsed({"--json"}).json);
}

TEST_CASE("listings of fields") {
  CHECK(parsed({"-l"}).mode == Mode::list_fields);
  CHECK(parsed({"-l"}).listing == Listing::text);
  CHECK(parsed({"-l", "proc", "name"}).filter_words == Words{"proc", "name"});
  CHECK(parsed({"-lv"}).verbose);
  CHECK(parsed({"-lv"}).mode == Mode::list_fields);
  CHECK(parsed({"--list-markdown"}).listing == Listing::markdown);
  CHECK(parsed({"--list-json"}).listing == Listing::json);
  CHECK(parsed({"--list-json"}).mode == Mode::list_fields);
}

TEST_CASE("dialects") {
  CHECK(parsed({"--compat", "0.29"}).render.dialect == Dialect::sysdig_0_29);
  CHECK(parsed({"--compat", "0.29", "--compat", "today"}).render.dialect == Dialect::today);
  CHECK(error_of({"--compat", "2"}) ==
        "--compat: '2' is no known dialect; there are today, 0.29 and falco");
}

TEST_CASE("numbers") {
  CHECK(parsed({"-n", "18446744073709551615"}).max_events == UINT64_MAX);
  CHECK(error_of({"-n", "0"}) == "-n: the number of events must be at least 1");
  for (const char* wrong : {"", "abc", "-5", "+5", "0x10", "1.5", "5 ", "18446744073709551616"})
    CHECK(error_of({"-n", wrong}).starts_with("-n: '" + std::string(wrong) + "' is "));
  CHECK(error_of({"-s", "2000"}) == "none");
  CHECK(error_of({"-s", "big"}) == "-s: 'big' is not a number");
}

TEST_CASE("ports of which more is kept") {
  CHECK_FALSE(parsed({}).live.dynamic_snaplen);
  CHECK(parsed({"--snaplen-protocols"}).live.full_port_last == 0);
  const Options range = parsed({"--snaplen-ports", "8000-8080"});
  CHECK(range.live.dynamic_snaplen);
  CHECK(range.live.full_port_first == 8000);
  CHECK(range.live.full_port_last == 8080);
  CHECK(parsed({"--snaplen-ports", "53"}).live.full_port_last == 53);
  for (const char* wrong : {"", "0", "70000", "-80", "80-", "90-80", "a-b"})
    CHECK(error_of({"--snaplen-ports", wrong}).starts_with("--snaplen-ports: "));
}

TEST_CASE("a missing argument is an error that names the option") {
  for (const char* option : {"--read", "--numevents", "--timetype", "--snaplen", "--compat"})
    CHECK(error_of({option}).find(option) != std::string::npos);
}

TEST_CASE("unknown options are errors, other words are the filter") {
  CHECK(error_of({"--nosuch"}) == "unknown option --nosuch; gyr --help lists the options");
  CHECK(error_of({"-r", "t", "-Z"}) == "unknown option -Z; gyr --help lists the options");
  CHECK(parsed({"-r", "t", "evt.type=open", "and", "fd.num>3"}).filter_words ==
        Words{"evt.type=open", "and", "fd.num>3"});
  CHECK(parsed({"proc.name=cat", "-r", "t"}).filter_words == Words{"proc.name=cat"});
  CHECK(parsed({"-r", "t", "--", "-1", "<", "fd.num", "--"}).filter_words ==
        Words{"-1", "<", "fd.num", "--"});
}

TEST_CASE("the table and the help are complete") {
  std::set<std::string_view> names;
  for (const CommandOption<Options>& row : option_table()) {
    CHECK_FALSE(row.doc.empty());
    CHECK(row.doc.back() == '.');
    CHECK(names.insert(row.names).second);
    const size_t comma = row.names.find(',');
    CHECK(help_text().find(row.names.substr(comma == std::string_view::npos ? 0 : comma + 1)) !=
          std::string::npos);
  }
  std::string line;
  for (const char c : help_text()) {
    if (c != '\n') line += c;
    if (c != '\n') continue;
    CHECK(line.size() <= 80);
    line.clear();
  }
}

TEST_CASE("wrapping text") {
  CHECK(wrap("one two three", 0, 80) == "one two three");
  CHECK(wrap("one two three", 2, 9) == "one two\n  three");
  CHECK(wrap("a-word-longer-than-the-line b", 2, 10) == "a-word-longer-than-the-line\n  b");
  CHECK(wrap("", 2, 10) == "");
}
