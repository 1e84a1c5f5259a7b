#include "cli/scan/html/html.hpp"

#include <fmt/format.h>

#include "rules/alert.hpp"

namespace gyr {

Html& Html::lines(std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    append_markup(to_, text.substr(0, end));
    if (end == text.size()) break;
    to_.append('\n');
    text.remove_prefix(end + 1);
  }
  return *this;
}

Html& Html::number(uint64_t value) {
  const std::string digits = std::to_string(value);
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) to_.append(',');
    to_.append(digits[i]);
  }
  return *this;
}

Html& Html::percent(double share) {
  to_.append(fmt::format("{:.2f}%", share * 100));
  return *this;
}

Html& Html::time(uint64_t ts) {
  Text exact;
  rules::append_utc(exact, ts);
  return markup("<time datetime=\"")
      .text(exact.view())
      .markup("\" title=\"")
      .text(exact.view())
      .markup("\">")
      .text(utc_text(ts, 6))
      .markup("</time>");
}

std::string utc_text(uint64_t ts, unsigned digits) {
  constexpr size_t date = 10, to_seconds = 19;
  Text exact;
  rules::append_utc(exact, ts);
  std::string text(exact.view().substr(0, to_seconds + (digits == 0 ? 0 : 1 + digits)));
  text[date] = ' ';
  return text;
}

}  // namespace gyr
