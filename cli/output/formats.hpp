// The formats that have a name, and what -p takes.
//
// Contract: `format_of` gives the format for the argument of -p: that of a stock format for its
// letter or its name, any other argument with its escapes (\n, \t, \e, \\) resolved.
//
// Example:
//   format_of("c");            // "*%evt.num %evt.outputtime %evt.cpu %container.name ..."
//   format_of("%evt.num\\t");  // "%evt.num<TAB>"
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gyr {

/// That of the default line; only -j and -pp need it as a format: the line has a printer of its
/// own.
inline constexpr std::string_view default_format =
    "*%evt.num %evt.outputtime %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.info";

struct StockFormat {
  std::string_view letter, name;
  std::string_view format;
};

std::span<const StockFormat> stock_formats();

std::string format_of(std::string_view argument);

}  // namespace gyr
