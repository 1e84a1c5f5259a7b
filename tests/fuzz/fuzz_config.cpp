// A configuration file, gyr.yaml; lines behind a NUL are settings of the command line.
//
// Checked beyond memory and undefined behaviour: what is wrong is said as an error with its place;
// what is right stays as it is when a key that there is not stands behind it, which is noticed.
#include <algorithm>
#include <string>
#include <vector>

#include "cli/scan/config.hpp"
#include "tests/fuzz/check.hpp"

namespace {

using namespace gyr;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_told_well(const std::string& message) {
  return message.starts_with("error: ") || message.find(": error: ") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t longest = 1 << 14;
  const std::string_view input(reinterpret_cast<const char*>(data), std::min(size, longest));
  const size_t nul = std::min(input.find('\0'), input.size());
  const std::string text(input.substr(0, nul));
  std::vector<std::string> settings = lines_of(input.substr(std::min(nul + 1, input.size())));
  const ConfigReading reading = read_config_text("gyr.yaml", text, settings);
  for (const std::string& error : reading.errors)
    fuzz::check(is_told_well(error), "an error without its place");
  if (!reading.errors.empty()) return 0;
  settings.emplace_back("queue_that_is_not=1");
  const ConfigReading again = read_config_text("gyr.yaml", text, settings);
  fuzz::check(again.errors.size() == 1, "a key that there is not goes unnoticed");
  fuzz::check(again.config == reading.config, "the same text, read twice, is not the same");
  return 0;
}
