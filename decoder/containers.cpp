#include "decoder/containers.hpp"

#include <algorithm>
#include <array>

namespace gyr {

namespace {

constexpr size_t full_id_size = 64;
constexpr size_t short_id_size = 12;
constexpr std::string_view containerd_prefix = "/default/";

struct Layout {
  std::string_view prefix;
  std::string_view suffix;  // empty: the id goes to the end of the path
  ContainerType type;
};

// In the order in which they are tried. The last three are those of docker, cri and containerd,
// which also match plain "/ID".
constexpr Layout id_layouts[] = {
    {"/libpod-payload-", ".scope", ContainerType::podman},
    {"/libpod-payload-", "", ContainerType::podman},
    {"/libpod-", ".scope/container", ContainerType::podman},
    {"/libpod-", ".scope", ContainerType::podman},
    {"/libpod-", "", ContainerType::podman},
    {"/docker-", ".scope", ContainerType::docker},
    {"/crio-", ".scope", ContainerType::cri_o},
    {"/crio-", "", ContainerType::cri_o},
    {"/cri-containerd-", ".scope", ContainerType::containerd},
    {":cri-containerd:", "", ContainerType::containerd},
    {"/", "", ContainerType::docker},
};

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool ends_like_a_systemd_unit(std::string_view path) {
  return path.ends_with(".service") || path.ends_with(".slice") || path.ends_with(".scope");
}

/// The text between the last prefix and the last suffix; empty when there is none.
std::string_view between(std::string_view path, const Layout& layout) {
  const size_t start = path.rfind(layout.prefix);
  if (start == std::string_view::npos) return {};
  const size_t begin = start + layout.prefix.size();
  size_t end = path.size();
  if (!layout.suffix.empty()) {
    end = path.rfind(layout.suffix);
    if (end == std::string_view::npos || end < begin) return {};
  }
  return path.substr(begin, end - begin);
}

std::string short_id(std::string_view path, std::string_view id) {
  const bool full = id.size() == full_id_size && std::all_of(id.begin(), id.end(), is_hex_digit);
  const bool named = !id.empty() && id.size() <= full_id_size &&
                     path.starts_with(containerd_prefix) && !ends_like_a_systemd_unit(path);
  return full || named ? std::string(id.substr(0, short_id_size)) : std::string();
}

std::string up_to_slash(std::string_view text) {
  return std::string(text.substr(0, text.find('/')));
}

std::string lxc_id(std::string_view path) {
  for (const std::string_view prefix : {"/lxc/", "/lxc.payload/", "/lxc.payload."}) {
    const size_t at = path.find(prefix);
    if (at != std::string_view::npos) return up_to_slash(path.substr(at + prefix.size()));
  }
  return {};
}

std::string libvirt_id(std::string_view path) {
  constexpr std::string_view old_suffix = ".libvirt-lxc", prefix = "/libvirt/lxc/";
  constexpr std::string_view systemd_prefix = "-lxc\\x2d";
  if (path.ends_with(old_suffix)) {
    path.remove_suffix(old_suffix.size());
    return std::string(path.substr(path.rfind('/') + 1));
  }
  if (const size_t at = path.find(systemd_prefix); at != std::string_view::npos) {
    const std::string_view rest = path.substr(at + systemd_prefix.size());
    const size_t end = rest.rfind(".scope");
    if (end != std::string_view::npos) return std::string(rest.substr(0, end));
  }
  if (const size_t at = path.find(prefix); at != std::string_view::npos)
    return std::string(path.substr(at + prefix.size()));
  return {};
}

std::string mesos_id(std::string_view path) {
  constexpr std::string_view prefix = "/mesos/";
  constexpr size_t id_size = 36;
  const size_t at = path.find(prefix);
  if (at == std::string_view::npos) return {};
  const std::string_view id = path.substr(at + prefix.size(), id_size);
  const bool valid = id.size() == id_size && std::all_of(id.begin(), id.end(), [](char c) {
                       return is_hex_digit(c) || c == '-';
                     });
  return valid ? std::string(id.substr(0, short_id_size)) : std::string();
}

std::string bpm_id(std::string_view path) {
  constexpr std::string_view prefix = "bpm-";
  const size_t at = path.find(prefix);
  if (at == std::string_view::npos || at == 0 || path[at - 1] != '/') return {};
  const std::string_view rest = path.substr(at + prefix.size());
  return std::string(rest.substr(0, rest.find(".scope")));
}

ContainerMatch match_path(std::string_view path) {
  for (const Layout& layout : id_layouts) {
    if (std::string id = short_id(path, between(path, layout)); !id.empty())
      return {std::move(id),
              path.starts_with(containerd_prefix) ? ContainerType::containerd : layout.type};
  }
  struct Rule {
    std::string (*id_of)(std::string_view);
    ContainerType type;
  };
  constexpr Rule rules[] = {{lxc_id, ContainerType::lxc},
                            {libvirt_id, ContainerType::libvirt_lxc},
                            {mesos_id, ContainerType::mesos},
                            {bpm_id, ContainerType::bpm}};
  for (const Rule& rule : rules) {
    if (std::string id = rule.id_of(path); !id.empty()) return {std::move(id), rule.type};
  }
  return {};
}

ContainerMatch find_container(std::string_view cgroups) {
  while (!cgroups.empty()) {
    const size_t end = std::min(cgroups.find('\0'), cgroups.size());
    const std::string_view entry = cgroups.substr(0, end);
    cgroups.remove_prefix(std::min(end + 1, cgroups.size()));
    const size_t equals = entry.find('=');
    if (equals == std::string_view::npos) break;  // damaged: the rest means nothing
    if (ContainerMatch match = match_path(entry.substr(equals + 1)); !match.id.empty())
      return match;
  }
  return {};
}

}  // namespace

std::string_view container_type_name(ContainerType type) {
  constexpr std::array<std::string_view, 12> names = {
      "docker", "lxc",        "libvirt-lxc", "mesos", "rkt",    "custom",
      "cri",    "containerd", "cri-o",       "bpm",   "static", "podman"};
  const auto number = static_cast<size_t>(type);
  return number < names.size() ? names[number] : std::string_view();
}

ContainerMatch container_from_cgroups(std::string_view cgroups) {
  // A process that starts is mostly in the cgroups of the one that started before.
  thread_local std::string last_cgroups;
  thread_local ContainerMatch last;
  if (cgroups == last_cgroups) return last;
  last = find_container(cgroups);
  last_cgroups = cgroups;
  return last;
}

std::string container_id_from_cgroups(std::string_view cgroups) {
  return container_from_cgroups(cgroups).id;
}

}  // namespace gyr
