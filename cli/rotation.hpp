// -C, -G, -e, -W: when a recording goes on in another file, and what that is called.
//
// Contract: names are those of sysdig. With -G and a % in the name: the name as strftime makes it
// of the time at which the file begins (local time). Else: the name and a number from 0 on, which
// grows by one with each file and begins again at 0 with as many files as -W allows; with -C it has
// as many digits as the number of -W. With both -G (without a %) and -C the number stands twice.
// The first file of a pattern is named as the others are.
//
// Example:
//   Rotation rotation("t.scap", {.bytes = 10'000'000, .files = 3});
//   rotation.begin(first_ts);                     // "t.scap0"
//   if (rotation.due(ts, written)) open(rotation.begin(ts));
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace gyr {

struct RotationLimits {
  std::optional<uint64_t> bytes = std::nullopt;    // -C, times 10^6
  std::optional<uint64_t> seconds = std::nullopt;  // -G
  std::optional<uint64_t> events = std::nullopt;   // -e
  std::optional<uint64_t> files = std::nullopt;    // -W

  bool any() const { return bytes || seconds || events; }
};

class Rotation {
 public:
  Rotation(std::string name, RotationLimits limits) : name_(std::move(name)), limits_(limits) {}

  bool rotates() const { return limits_.any(); }
  /// The name does not depend on the time of the first event.
  bool has_fixed_name() const { return !is_pattern(); }
  /// A file begins with an event of the time `ts` (ns): its name.
  std::string begin(uint64_t ts);
  /// The time from which on -G counts, if the first file was begun before it was known.
  void set_start(uint64_t ts) { start_ = ts / 1'000'000'000; }
  void count_event() { ++events_; }
  /// Whether an event of the time `ts` belongs into the next file; `size`: bytes of this one.
  bool due(uint64_t ts, uint64_t size) const;
  /// A file that has to go because there would be more than -W allows, once.
  std::optional<std::string> take_surplus();

 private:
  bool is_pattern() const { return limits_.seconds && name_.find('%') != std::string::npos; }
  std::string name_of(uint64_t ts) const;

  std::string name_;
  RotationLimits limits_;
  uint64_t index_ = 0;
  uint64_t start_ = 0;   // of the current file, seconds
  uint64_t events_ = 0;  // in the current file
  bool begun_ = false;
  std::deque<std::string> names_;  // of files that are there, where names do not come again
};

}  // namespace gyr
