// Channels against the real thing: files, sockets, programs, without a network.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "cli/scan/channels/channel.hpp"

using namespace gyr;

namespace {

class Folder {
 public:
  Folder() { REQUIRE(::mkdtemp(path_.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + '/' + name; }

 private:
  std::string path_ = "/tmp/gyr-channels-XXXXXX";
};

std::string content(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

UniqueFd listening(const std::string& path, int type) {
  UniqueFd made(::socket(AF_UNIX, type, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  if (type == SOCK_STREAM) REQUIRE(::listen(made.get(), 1) == 0);
  return made;
}

std::string received(int fd) {
  char buffer[256];
  const ssize_t size = ::recv(fd, buffer, sizeof buffer, 0);
  return {buffer, static_cast<size_t>(std::max<ssize_t>(size, 0))};
}

const ChannelAlert first{"one", rules::Priority::warning}, second{"two", rules::Priority::debug};

}  // namespace

TEST_CASE("channels: a file gets lines behind those that it has") {
  const Folder folder;
  const Stop stop;
  std::ofstream(folder / "f") << "before\n";
  for (const bool keep_alive : {false, true}) {
    const FileChannelConfig config{
        .enabled = true, .filename = folder / "f", .keep_alive = keep_alive};
    const auto channel = make_file_channel(config, false);
    REQUIRE(channel);
    CHECK((*channel)->deliver(first, stop));
    CHECK((*channel)->deliver(second, stop));
  }
  CHECK(content(folder / "f") == "before\none\ntwo\none\ntwo\n");
}

TEST_CASE("channels: a file that cannot be written") {
  const Folder folder;
  const Stop stop;
  const auto none = make_file_channel({.enabled = true, .filename = folder / "no/f"}, false);
  const auto done = (*none)->deliver(first, stop);
  REQUIRE(!done);
  CHECK(done.error().message == "cannot write " + (folder / "no/f: No such file or directory"));
  // A pipe without a reader is not waited for.
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const auto pipe = make_file_channel({.enabled = true, .filename = folder / "pipe"}, false);
  CHECK(!(*pipe)->deliver(first, stop));
  CHECK(!make_file_channel({.enabled = true}, false));
}

TEST_CASE("channels: what the syslog is told") {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  CHECK(syslog_message(first, 1'700'000'000) == "<12>Nov 14 22:13:20 gyr: one");
  CHECK(syslog_message({"x", rules::Priority::emergency}, 1'701'475'201) ==
        "<8>Dec  2 00:00:01 gyr: x");
}

TEST_CASE("channels: the syslog's socket") {
  const Folder folder;
  const Stop stop;
  const std::string path = folder / "log";
  const auto channel = make_syslog_channel({.enabled = true, .socket = path}, false);
  REQUIRE(channel);
  const auto gone = (*channel)->deliver(first, stop);
  REQUIRE(!gone);
  CHECK(gone.error().message == path + ": No such file or directory");
  {
    const UniqueFd listener = listening(path, SOCK_DGRAM);
    CHECK((*channel)->deliver(first, stop));
    const std::string message = received(listener.get());
    CHECK(message.starts_with("<12>"));
    CHECK(message.ends_with(" gyr: one"));
  }
  // Started anew, this time as a stream.
  std::filesystem::remove(path);
  const UniqueFd listener = listening(path, SOCK_STREAM);
  CHECK((*channel)->deliver(second, stop));
  const UniqueFd accepted(::accept(listener.get(), nullptr, nullptr));
  const std::string message = received(accepted.get());
  CHECK(message.starts_with("<15>"));
  CHECK(message.ends_with(std::string(" gyr: two\0", 10)));
}

TEST_CASE("channels: a program for each alert, or one for all") {
  const Folder folder;
  const Stop stop;
  for (const bool keep_alive : {false, true}) {
    const std::string out = folder / (keep_alive ? "all" : "each");
    const auto channel = make_program_channel({.enabled = true,
                                               .program = "echo begin >>" + out + "; cat >>" + out,
                                               .keep_alive = keep_alive},
                                              false);
    REQUIRE(channel);
    CHECK((*channel)->deliver(first, stop));
    CHECK((*channel)->deliver(second, stop));
    CHECK((*channel)->close(stop));
    CHECK(content(out) == (keep_alive ? "begin\none\ntwo\n" : "begin\none\nbegin\ntwo\n"));
  }
}

TEST_CASE("channels: programs that fail") {
  ::signal(SIGPIPE, SIG_IGN);
  const Stop stop;
  const auto message_of = [&](const char* program) {
    const auto channel = make_program_channel({.enabled = true, .program = program}, false);
    const auto done = (*channel)->deliver(first, stop);
    return done ? "" : done.error().message;
  };
  CHECK(message_of("cat >/dev/null; exit 3") == "the program has ended with status 3");
  CHECK(message_of("cat >/dev/null; kill -9 $$") == "the program was killed by signal 9");
  // One that ends before its time is started again.
  const Folder folder;
  const auto channel = make_program_channel(
      {.enabled = true, .program = "head -n 1 >>" + (folder / "f"), .keep_alive = true}, false);
  size_t arrived = 0, lost = 0;
  for (int alert = 0; alert < 200 && (arrived < 2 || lost == 0); ++alert) {
    if (!(*channel)->deliver(first, stop)) ++lost;
    (void)stop.wait(5);
    const std::string text = content(folder / "f");
    arrived = static_cast<size_t>(std::ranges::count(text, '\n'));
  }
  CHECK(arrived >= 2);
  CHECK(lost >= 1);
}

TEST_CASE("channels: a program that does not read or end is given up") {
  Stop stop;
  const auto hangs = make_program_channel({.enabled = true, .program = "exec sleep 60"}, false);
  std::thread puller([&] {
    (void)stop.wait(100);
    stop.pull();
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto done = (*hangs)->deliver({std::string(1 << 20, 'x'), {}}, stop);
  puller.join();
  CHECK(!done);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

TEST_CASE("channels: HTTP options that make no sense") {
  CHECK(!make_http_channel({.enabled = true}, true));
  HttpChannelConfig config{.enabled = true, .url = "http://localhost/"};
  CHECK(make_http_channel(config, true));
  config.headers = {{"X-A", "b\r\nX-C: d"}};
  CHECK(!make_http_channel(config, true));
}

TEST_CASE("channels: nobody listens") {
  const Stop stop;
  const HttpChannelConfig config{
      .enabled = true, .url = "http://127.0.0.1:1/", .max_retries = 2, .retry_wait = 1};
  const auto channel = make_http_channel(config, true);
  REQUIRE(channel);
  const auto done = (*channel)->deliver(first, stop);
  REQUIRE(!done);
  CHECK(done.error().message == "Connection refused");
}
