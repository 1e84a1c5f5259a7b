#include "decoder/paths.hpp"

#include "decoder/thread.hpp"

namespace gyr {

namespace {

/// Appends the components of `path`, resolving them against what stands behind `root`.
void append_components(Text& to, size_t root, std::string_view path) {
  size_t at = 0;
  while (at < path.size()) {
    size_t end = path.find('/', at);
    if (end == std::string_view::npos) end = path.size();
    const std::string_view part = path.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      const size_t slash = to.view().substr(root).rfind('/');
      to.truncate(slash == std::string_view::npos ? root : root + slash);
      continue;
    }
    if (to.size() != root) to.append('/');
    to.append(part);
  }
}

}  // namespace

bool is_normal_path(std::string_view path) {
  if (path.empty() || path.front() != '/' || path.size() > max_joined_path) return false;
  char previous = 0;
  for (const char c : path) {
    if (previous == '/' && (c == '/' || c == '.')) return false;
    previous = c;
  }
  return previous != '/' || path.size() == 1;
}

void append_joined(Text& to, std::string_view directory, std::string_view path) {
  const bool absolute = !path.empty() && path.front() == '/';
  if (absolute) directory = {};
  if (directory.size() + path.size() > max_joined_path) {
    to.append(path_too_long);
    return;
  }
  if (is_normal_path(path)) {
    to.append(path);
    return;
  }
  if (absolute || (!directory.empty() && directory.front() == '/')) to.append('/');
  const size_t root = to.size();
  append_components(to, root, directory);
  append_components(to, root, path);
}

void append_directory(Text& to, const Thread& thread, int64_t dirfd) {
  if (dirfd == at_fdcwd) {
    to.append(thread.cwd());
    return;
  }
  const Descriptor* directory = thread.fds->find(dirfd);
  if (directory == nullptr || directory->name.empty())
    to.append(unknown_directory);
  else
    to.append(directory->name.view()).append('/');
}

}  // namespace gyr
