// The first byte picks how to print, the others are a plain trace: the whole of `gyr -r`.
//
// Few threads are allowed, so that most are evicted while something still points at them.
#include "tests/fuzz/memory_trace.hpp"
#include "tests/fuzz/replay.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t thread_limit = 64;
  if (size == 0) return 0;
  gyr::fuzz::Replay replay(data[0], thread_limit);
  const auto reader =
      gyr::fuzz::read_from_memory({{reinterpret_cast<const std::byte*>(data + 1), size - 1}});
  while (reader->next(replay.records()) == gyr::TraceReader::Step::event)
    replay.show(reader->event());
  replay.finish();
  return 0;
}
