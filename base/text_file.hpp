// A file as one text.
//
// Contract: `read_text_file` gives the bytes as they are; nothing: it cannot be read, which a
// directory cannot be either. `without_byte_order_mark` takes away what some editors put in front.
//
// Example:
//   if (auto text = read_text_file("rules.yaml")) parse(without_byte_order_mark(std::move(*text)));
#pragma once

#include <optional>
#include <string>

namespace gyr {

std::optional<std::string> read_text_file(const std::string& path);
std::string without_byte_order_mark(std::string text);

}  // namespace gyr
