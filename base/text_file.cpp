#include "base/text_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace gyr {

std::optional<std::string> read_text_file(const std::string& path) {
  // A directory can be opened, and reading it throws.
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  return in ? std::optional(std::move(text)) : std::nullopt;
}

std::string without_byte_order_mark(std::string text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  return text;
}

}  // namespace gyr
