// Writes HTML in which nothing but the page's own markup is markup.
//
// Purpose: what a report shows comes from traces and rule files, which nobody vouches for.
//
// Contract: `markup` takes only what is a literal in the source; all else goes through `text`,
// which escapes it, or is a number.
//
// Example:
//   Html html(out.line());
//   html.markup("<td title=\"").text(path).markup("\">").number(1234).markup("</td>");
#pragma once

#include "base/markup.hpp"

namespace gyr {

/// A literal: it must be known when the program is compiled.
struct Markup {
  consteval Markup(const char* literal) : view(literal) {}
  std::string_view view;
};

class Html {
 public:
  explicit Html(Text& to) : to_(to) {}

  Html& markup(Markup literal) {
    to_.append(literal.view);
    return *this;
  }
  Html& text(std::string_view text) {
    append_markup(to_, text);
    return *this;
  }
  /// As text, but with line feeds, for elements that show them.
  Html& lines(std::string_view text);
  /// "12,345"
  Html& number(uint64_t value);
  /// "1 alert", "12,345 alerts"
  Html& count(uint64_t value, Markup singular) {
    return number(value).markup(" ").markup(singular).markup(value == 1 ? Markup("") : Markup("s"));
  }
  /// For attributes.
  Html& plain(uint64_t value) {
    to_.append_unsigned(value);
    return *this;
  }
  /// "12.34%"
  Html& percent(double share);
  /// A <time>: "2026-11-22 04:55:11.892017", to the nanosecond in its title.
  Html& time(uint64_t ts);

 private:
  Text& to_;
};

/// "2026-11-22 04:55:11.892017899", with as many digits of the second as wanted.
std::string utc_text(uint64_t ts, unsigned digits);

}  // namespace gyr
