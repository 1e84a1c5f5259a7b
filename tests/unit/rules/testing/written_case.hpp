// A case's events, written, read back and printed, for the tests of its parts.
#pragma once

#include <string>
#include <vector>

namespace gyr::test {

struct Written {
  std::vector<std::string> errors;  // "LINE:COLUMN: message"
  std::vector<std::string> events;  // "tid name args", as gyr prints them, without handles
  std::vector<std::string> fields;  // of each event, what `format` says
};

/// `yaml` is the list below "events:".
Written write_case(const std::string& yaml, const std::string& format = "");

/// The one event of a case with a process 100, without its errors.
std::string event_of(const std::string& yaml);
/// The first error of such a case, "" for none.
std::string error_of(const std::string& yaml);

}  // namespace gyr::test
