// Well-framed events with values that mean something, straight into the decoder: synthetic.hpp.
//
// The first byte picks how to print. The machine at the start is always the same.
#include "tests/fuzz/replay.hpp"
#include "tests/fuzz/synthetic.hpp"

namespace gyr::fuzz {

namespace {

void run(Bytes bytes) {
  if (bytes.empty()) return;
  Replay replay(load<uint8_t>(bytes.data()), SyntheticReplay::thread_limit);
  start_synthetic_section(replay.records());
  SyntheticEvents events(bytes.subspan(1));
  while (const RawEvent* raw = events.next()) {
    if (raw->type == SyntheticEvents::new_section)
      start_synthetic_section(replay.records());
    else
      replay.show(*raw);
  }
  replay.finish();
}

}  // namespace

}  // namespace gyr::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  gyr::fuzz::run({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
