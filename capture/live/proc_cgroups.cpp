#include "capture/live/proc_cgroups.hpp"

#include <vector>

namespace gyr {

namespace {

// More different ones than this are read again rather than kept.
constexpr size_t max_kept = 4096;
// Longer lists are cut by everything that reads traces.
constexpr size_t max_entries_size = 4096;
constexpr size_t max_path = 4096;

void add(std::string& out, std::string_view subsystem, std::string_view path) {
  if (out.size() + subsystem.size() + path.size() + 2 > max_entries_size) return;
  out += subsystem;
  out += '=';
  out += path;
  out += '\0';
}

bool contains(const std::vector<std::string_view>& words, std::string_view word) {
  for (const std::string_view known : words) {
    if (known == word) return true;
  }
  return false;
}

std::string_view parent_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? "/" : path.substr(0, slash);
}

}  // namespace

CgroupReader::CgroupReader(const std::string& root) {
  const std::string mount = root + "/sys/fs/cgroup";
  // Where both versions are mounted, version 2 is in a folder of its own.
  mount_ = open_directory(AT_FDCWD, (mount + "/unified").c_str());
  if (!mount_) mount_ = open_directory(AT_FDCWD, mount.c_str());
}

std::string_view CgroupReader::entries(std::string_view cgroup_file) {
  std::string key(cgroup_file);
  if (const auto known = entries_.find(key); known != entries_.end()) return known->second;
  if (entries_.size() >= max_kept) entries_.clear();
  if (controllers_.size() >= max_kept) controllers_.clear();
  std::string out;
  while (!cgroup_file.empty()) {
    std::string_view line = take_line(cgroup_file);
    line.remove_prefix(std::min(line.find(':') + 1, line.size()));
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view subsystems = line.substr(0, colon);
    const std::string_view path = line.substr(colon + 1, max_path);
    if (subsystems.empty()) add_unified(path, out);
    while (!subsystems.empty()) {
      const size_t comma = std::min(subsystems.find(','), subsystems.size());
      add(out, subsystems.substr(0, comma), path);
      subsystems.remove_prefix(std::min(comma + 1, subsystems.size()));
    }
  }
  return entries_.emplace(std::move(key), std::move(out)).first->second;
}

void CgroupReader::add_unified(std::string_view path, std::string& out) {
  std::vector<std::string_view> found;
  const auto add_new = [&](std::string_view names, std::string_view where) {
    for (auto name = take_word(names); !name.empty(); name = take_word(names)) {
      if (contains(found, name)) continue;
      found.push_back(name);
      add(out, name, where);
    }
  };
  // Outside of what is seen here ("/../x"), or gone: its parents are not those of its name.
  if (!controllers(path)) {
    if (const auto& all = controllers("/")) add_new(*all, path);
    // Not even which subsystems there are: the path alone tells the container.
    if (found.empty()) add(out, "unified", path);
    return;
  }
  for (std::string_view at = path;; at = parent_of(at)) {
    if (const auto& enabled = controllers(at)) add_new(*enabled, at);
    if (at == "/") return;
  }
}

/// The subsystems that are enabled in a group, with blanks between them; nothing if it is not
/// there.
const std::optional<std::string>& CgroupReader::controllers(std::string_view path) {
  std::string key(path);
  if (const auto known = controllers_.find(key); known != controllers_.end()) return known->second;
  const std::string file = "." + key + "/cgroup.controllers";
  std::optional<std::string> names;
  if (mount_ && key.starts_with('/') && key.find("/..") == std::string::npos) {
    if (auto text = files_.read(mount_.get(), file.c_str())) names = take_line(*text);
  }
  return controllers_.emplace(std::move(key), std::move(names)).first->second;
}

}  // namespace gyr
