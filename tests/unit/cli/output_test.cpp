// What the command line prints: the line of an event, the summary, output to a closed pipe.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <ctime>

#include "cli/output/line.hpp"
#include "cli/output/summary.hpp"
#include "cli/output/writer.hpp"
#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

struct Shell : World {
  Shell() : World(threads()) { by(7).cpu(3); }
  static std::vector<ThreadRecord> threads() {
    ThreadRecord t;
    t.tid = t.pid = 7;
    t.comm = "sh";
    return {t};
  }
};

/// The line of a getuid exit event at a time.
std::string line(World& world, LinePrinter& printer, uint64_t ts,
                 const filter::Stream& stream = {}) {
  world.at(ts).event(type::getuid_exit, {u32(0)});
  Text text;
  printer.append(text, {*world.last(), world.state, {}, stream});
  return std::string(text.view());
}

std::string summary_text(const Summary& summary) {
  Text text;
  summary.append(text);
  return std::string(text.view());
}

}  // namespace

TEST_CASE("the default line") {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  Shell s;
  Options options;
  LinePrinter printer(options);
  CHECK(line(s, printer, 1'700'000'000'000'000'005) ==
        "1 22:13:20.000000005 3 sh (7) < getuid uid=0(root) ");
  CHECK(line(s, printer, 1'700'000'001'999'999'999) ==
        "2 22:13:21.999999999 3 sh (7) < getuid uid=0(root) ");
  s.by(99);
  CHECK(line(s, printer, 0) == "3 00:00:00.000000000 3 <NA> (99) < getuid uid=0(root) ");
  ::unsetenv("TZ");
  ::tzset();
}

TEST_CASE("the other time columns") {
  Shell s;
  Options options;
  LinePrinter printer(options);
  const auto time = [&](TimeMode mode, uint64_t ts, const filter::Stream& stream) {
    options.time = mode;
    const std::string text = line(s, printer, ts, stream);
    const size_t begin = text.find(' ') + 1;
    return text.substr(begin, text.find(' ', begin) - begin);
  };
  CHECK(time(TimeMode::delta, 5'000'000'000, {}) == "0.000000000");
  CHECK(time(TimeMode::delta, 7'500'000'001, {0, 5'000'000'000}) == "2.500000001");
  CHECK(time(TimeMode::relative, 7'500'000'001, {5'000'000'000, 0}) == "2.500000001");
  CHECK(time(TimeMode::absolute, 7'500'000'001, {}) == "7.500000001");
  CHECK(time(TimeMode::latency, 8'000'000'000, {}) == "0.000000000");
  s.at(8'000'000'000).event(type::getuid_enter);
  CHECK(time(TimeMode::latency, 8'000'000'700, {}) == "0.000000700");
}

TEST_CASE("colours stand around name, pid and event") {
  Shell s;
  Options options;
  options.color = options.with_pid = true;
  options.time = TimeMode::relative;
  LinePrinter printer(options);
  CHECK(line(s, printer, 0) ==
        "1 0.000000000 3 \033[01;32msh\033[00m (\033[01;36m7\033[00m.7) < "
        "\033[01;34mgetuid\033[00m uid=0(root) ");
}

TEST_CASE("the summary counts by type and direction, the most frequent first") {
  Shell s;
  Summary summary;
  const auto count = [&](uint16_t event_type, const Params& params) {
    s.event(event_type, params);
    summary.count(*s.last());
  };
  for (int i = 0; i < 3; ++i) count(type::getuid_exit, {u32(0)});
  count(type::getuid_enter, {});
  for (int i = 0; i < 2; ++i) count(type::generic_enter, {u16(0), u16(61)});
  count(type::generic_enter, {u16(0), u16(231)});
  CHECK(summary_text(summary) ==
        "----------------------\n"
        "Event           #Calls\n"
        "----------------------\n"
        "< getuid          3\n"
        "> wait4           2\n"
        "> exit_group      1\n"
        "> getuid          1\n");
}

TEST_CASE("the summary ends after a hundred rows") {
  Shell s;
  Summary summary;
  for (uint16_t native = 0; native < 300; ++native) {
    s.event(type::generic_enter, {u16(0), u16(native)});
    summary.count(*s.last());
  }
  const std::string text = summary_text(summary);
  CHECK(std::ranges::count(text, '\n') == 103);
}

TEST_CASE("the writer gathers lines until it is told to flush or holds enough") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const UniqueFd from(ends[0]), to(ends[1]);
  const auto read_some = [&] {
    std::array<char, 100> buffer{};
    const ssize_t n = ::read(from.get(), buffer.data(), buffer.size());
    return std::string(buffer.data(), n > 0 ? static_cast<size_t>(n) : 0);
  };
  Writer at_once(to.get(), true);
  at_once.line().append("one\n");
  at_once.commit();
  CHECK(read_some() == "one\n");
  Writer gathering(to.get(), false);
  gathering.line().append("two\n");
  gathering.commit();
  gathering.line().append("three\n");
  gathering.commit();
  gathering.flush();
  CHECK(read_some() == "two\nthree\n");
  CHECK(gathering.ok());
}

TEST_CASE("a closed pipe ends the output without a complaint, a full disk with one") {
  const auto old_action = std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const UniqueFd to(ends[1]);
  ::close(ends[0]);
  Writer closed(to.get(), true);
  closed.line().append("x\n");
  closed.commit();
  CHECK_FALSE(closed.ok());
  CHECK(closed.failure().empty());
  std::signal(SIGPIPE, old_action);
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (!full) return;
  Writer disk(full.get(), true);
  disk.line().append("x\n");
  disk.commit();
  CHECK_FALSE(disk.ok());
  CHECK(disk.failure() == "No space left on device");
}
