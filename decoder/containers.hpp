// Containers from control groups.
//
// Contract: `cgroups` are "subsystem=path" strings, NUL-terminated, back to back. The answer is the
// id as sysdig prints it (12 characters for 64-digit ids), empty on the host. Layouts of podman,
// docker, cri, lxc, libvirt, mesos, bpm and containerd are known.
//
// Example:
//   container_id_from_cgroups(view("memory=/docker/<64 hex digits>\0"))  // first 12 of them
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gyr {

/// What runs a container; the numbers are those of container events.
enum class ContainerType : uint32_t {
  docker = 0,
  lxc = 1,
  libvirt_lxc = 2,
  mesos = 3,
  cri = 6,
  containerd = 7,
  cri_o = 8,
  bpm = 9,
  podman = 11,
  unknown = 0xffff,
};

/// "docker" for 0; empty for a number that means nothing.
std::string_view container_type_name(ContainerType type);

struct ContainerMatch {
  std::string id;
  ContainerType type = ContainerType::unknown;
};

/// The type is that which the layout of the path is usual for: others imitate docker's.
ContainerMatch container_from_cgroups(std::string_view cgroups);

std::string container_id_from_cgroups(std::string_view cgroups);

}  // namespace gyr
