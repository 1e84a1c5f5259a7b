#include "base/beside_program.hpp"

#include <filesystem>

namespace gyr {

std::vector<std::string> folders_beside_program(std::initializer_list<const char*> places) {
  std::vector<std::string> folders;
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return folders;
  for (const char* place : places) {
    const auto folder = (program.parent_path() / place).lexically_normal();
    if (std::filesystem::is_directory(folder, error)) folders.push_back(folder.string());
  }
  return folders;
}

}  // namespace gyr
