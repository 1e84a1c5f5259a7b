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

constexpr size_t thread_limit = 12;

void check_error(const Error& error) {
  check(error.message.starts_with("chisel "), "an error that does not say whose it is");
}

void replay(Bytes bytes, ChiselSet& set, ChiselHost& host, const filter::Settings& settings) {
  State state(thread_limit);
  Decoder decoder(state);
  StateImport records(state, true);
  start_synthetic_section(records);
  if (auto started = set.start(state); !started) return check_error(started.error());
  SyntheticEvents events(bytes);
  while (const RawEvent* raw = host.end_capture ? nullptr : events.next()) {
    if (raw->type == SyntheticEvents::new_section) {
      start_synthetic_section(records);
      continue;
    }
    const Event* event = decoder.decode(*raw);
    if (event == nullptr) continue;
    const filter::Stream stream{decoder.first_ts(), raw->ts};
    if (!set.event({*event, state, settings, stream}, raw->tid != 3)) {
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
  replay(bytes.subspan(std::min(bytes.size(), 3 + calls.size())), **set, host, settings);
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
