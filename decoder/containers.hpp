// Container ids from control groups.
//
// Contract: `cgroups` are "subsystem=path" strings, NUL-terminated, back to back. The answer is the
// id as sysdig prints it (12 characters for 64-digit ids), empty on the host. Layouts of podman,
// docker, cri, lxc, libvirt, mesos, bpm and containerd are known.
//
// Example:
//   container_id_from_cgroups(view("memory=/docker/<64 hex digits>\0"))  // first 12 of them
#pragma once

#include <string>
#include <string_view>

namespace gyr {

std::string container_id_from_cgroups(std::string_view cgroups);

}  // namespace gyr
