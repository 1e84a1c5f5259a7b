#include "cli/scan/config/problems.hpp"

#include <fmt/format.h>

#include "filter/parser.hpp"
#include "rules/diagnostics.hpp"

namespace gyr {

void ConfigProblems::error(rules::Place place, const std::string& message) {
  if (place.file == rules::Place::nowhere) {
    errors.push_back("error: " + message);
    return;
  }
  const std::string& text = files[place.file].text;
  std::string shown = fmt::format("{}: error: {}", place_text(place, files), message);
  if (!text.empty()) shown += '\n' + filter::show_place(text, place.at);
  errors.push_back(std::move(shown));
}

}  // namespace gyr
