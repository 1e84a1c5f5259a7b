// Events made from arbitrary bytes, always well framed.
//
// Purpose: to reach the handlers. In random traces nearly every byte that changes breaks the
// framing; here each changes a value, a length, a thread or the type of an event.
//
// Contract: an event takes from `bytes`, and each is understood whatever it is:
//
//     u16 type, u8 head, u8 n, then n bytes of material for head extras and values
//     head   bits 0-3: thread; 4: + 16 * a byte; 5: a byte is the number of parameters;
//            6: a signed byte is the time step, in 0.1 s; 7: the other CPU
//     value  a control byte; its two upper bits choose a form, the others vary it. Fixed sizes:
//            one of a table, a small number, bytes as they are, a wrong length. Texts: one of a
//            table, bytes with a NUL, bytes, very long. Composites: well formed, then as texts.
//
// Material that is used up reads as zero. make_seeds.py writes the same encoding.
//
// Example:
//   SyntheticEvents events(bytes);
//   while (const RawEvent* raw = events.next()) replay.show(*raw);
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "capture/raw_event.hpp"
#include "capture/records.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "schema/schema.hpp"

namespace gyr::fuzz {

/// Bytes to make one event from; zeros once they are used up.
class Material {
 public:
  explicit Material(Bytes bytes) : cursor_(bytes) {}
  uint8_t byte() { return cursor_.left() != 0 ? cursor_.take<uint8_t>() : uint8_t{0}; }
  Bytes bytes(size_t most) { return cursor_.take_bytes(std::min(most, cursor_.left())); }

 private:
  Cursor cursor_;
};

class SyntheticEvents {
 public:
  /// The type that stands for the start of a new section.
  static constexpr uint16_t new_section = 0xFFFE;

  explicit SyntheticEvents(Bytes bytes) : cursor_(bytes) {}

  /// nullptr at the end. Valid until the next call.
  const RawEvent* next();

 private:
  void head(uint8_t head, Material& material);
  void params(uint32_t count, Material& material);

  Cursor cursor_;
  RawEvent event_;
  std::vector<std::byte> memory_;  // lengths, then values, as in a trace
};

/// What a source says of the machine that the events are on: it is always the same.
void start_synthetic_section(RecordSink& sink);

/// The same events with the state that they make. Fewer threads are allowed than event headers can
/// name, so that most are evicted while something still points at them.
class SyntheticReplay {
 public:
  static constexpr size_t thread_limit = 12;

  explicit SyntheticReplay(Bytes bytes) : events_(bytes) { start_synthetic_section(records_); }

  /// The next event that can be decoded; nullptr at the end. Valid until the next call.
  const Event* next();

  State state{thread_limit};
  Decoder decoder{state};

 private:
  StateImport records_{state, true};
  SyntheticEvents events_;
};

}  // namespace gyr::fuzz
