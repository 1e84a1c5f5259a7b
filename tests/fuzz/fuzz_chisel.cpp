// Chisels that call the API in every way there is, over synthetic events.
//
// The first byte says what the chisel is told of the run, two give how many bytes of calls follow
// (chisel_driver.lua makes the calls), then come events: synthetic.hpp. Checked beyond memory and
// undefined behaviour: what fails says why, and where in the chisel.
#include <fcntl.h>
#include <unistd.h>

#include "chisels/chisel_set.hpp"
#include "cli/options.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/replay.hpp"
#include "tests/fuzz/synthetic.hpp"

namespace gyr::fuzz {

namespace {

using namespace gyr::chisels;

void check_error(const Error& error) {
  check(error.message.starts_with("chisel "), "an error that does not say whose it is");
}

void show_all(Bytes bytes, ChiselSet& set, ChiselHost& host, const filter::Settings& settings) {
  SyntheticReplay replay(bytes);
  if (auto started = set.start(replay.state); !started) return check_error(started.error());
  while (const Event* event = host.end_capture ? nullptr : replay.next()) {
    const filter::Stream stream{replay.decoder.first_ts(), event->raw().ts};
    if (!set.event({*event, replay.state, settings, stream}, event->raw().tid != 3)) {
      check_error(set.failure());
      break;
    }
  }
  if (auto ended = set.finish(); !ended) check_error(ended.error());
}

void run(Bytes bytes) {
  Material material(bytes);
  const uint8_t told = material.byte();
  const size_t size = material.byte() | material.byte() << 8;
  const Bytes calls = material.bytes(size);
  const Options options = options_of(told);
  filter::Settings settings{options.render, options.time, false};
  ChiselHost host{.live = (told & 1) != 0,
                  .terminal = (told & 2) != 0,
                  .container_data = (told & 4) != 0,
                  .json = (told & 8) != 0,
                  .default_format = "*%evt.num %evt.time %proc.name %evt.type %evt.info",
                  .settings = &settings};
  const auto set = ChiselSet::open({{CHISEL_DRIVER, {std::string(as_text(calls))}}}, host);
  if (!set) return check(!set.error().message.empty(), "an error without a message");
  show_all(bytes.subspan(std::min(bytes.size(), 3 + calls.size())), **set, host, settings);
}

}  // namespace

}  // namespace gyr::fuzz

/// What chisels print is not looked at.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  return ::dup2(nowhere, STDOUT_FILENO) < 0 ? 1 : 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  gyr::fuzz::run({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
