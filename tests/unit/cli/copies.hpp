// Copies of traces, and what all there is to see in them.
//
// Purpose: tests that a copy (filtered, rotated, cut) says of each of its events what the original
// said. `seen_in` gives a line per visible event with its text and what is known of its thread.
//
// Example:
//   copy_events(path, {.name = out, .select = true}, matches);
//   CHECK(seen_in(out) == seen_in(path, matches));
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/recorder.hpp"
#include "decoder/event.hpp"
#include "tests/unit/corpus.hpp"

namespace gyr::test {

using Predicate = std::function<bool(const Event&)>;

inline bool any_event(const Event&) { return true; }

/// A folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  /// Names in it, sorted.
  std::vector<std::string> names() const;

 private:
  std::string path_;
};

/// Throws std::runtime_error when something fails.
void copy_events(const std::string& path, RecorderOptions options, const Predicate& matches);

std::vector<std::string> seen_in(const std::string& path, const Predicate& matches = any_event);

}  // namespace gyr::test
