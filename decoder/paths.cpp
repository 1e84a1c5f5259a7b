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
  // Without a branch in the loop, so that the compiler looks at many characters at once.
  unsigned found = 0;
  for (size_t i = 1; i < path.size(); ++i) {
    const unsigned next = (path[i] == '/' ? 1u : 0u) | (path[i] == '.' ? 1u : 0u);
    found |= next & (path[i - 1] == '/' ? 1u : 0u);
  }
  return found == 0 && (path.back() != '/' || path.size() == 1);
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
