#include "decoder/containers.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using gyr::container_id_from_cgroups;

namespace {

const std::string full_id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
constexpr const char* short_id = "0123456789ab";

std::string id_of(std::initializer_list<std::string> cgroups) {
  std::string blob;
  for (const std::string& cgroup : cgroups) blob += cgroup + '\0';
  return container_id_from_cgroups(blob);
}

std::string id_of_path(const std::string& path) { return id_of({"cpuset=" + path}); }

}  // namespace

TEST_CASE("64 digits become the first 12, in the layout of every engine") {
  for (const std::string& path : {
           "/docker/" + full_id,
           "/" + full_id,
           "/system.slice/docker-" + full_id + ".scope",
           "/kubepods/besteffort/pod0b1/" + full_id,
           "/kubepods.slice/kubepods-pod1.slice/docker-" + full_id + ".scope",
           "/kubepods.slice/crio-" + full_id + ".scope",
           "/kubepods.slice/crio-" + full_id,
           "/kubepods.slice/cri-containerd-" + full_id + ".scope",
           "/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" + full_id,
           "/machine.slice/libpod-" + full_id + ".scope",
           "/machine.slice/libpod-" + full_id + ".scope/container",
           "/libpod_parent/libpod-" + full_id,
           "/machine.slice/libpod-payload-" + full_id,
           "/machine.slice/libpod-payload-" + full_id + ".scope",
           "/default/" + full_id,
       }) {
    CAPTURE(path);
    CHECK(id_of_path(path) == short_id);
  }
}

TEST_CASE("containerd's own namespace allows names") {
  CHECK(id_of_path("/default/redis") == "redis");
  CHECK(id_of_path("/default/a-very-long-container-name") == "a-very-long-");
  CHECK(id_of_path("/default/ssh.service") == "");
  CHECK(id_of_path("/default/x.scope") == "");
  CHECK(id_of_path("/default/x.slice") == "");
}

TEST_CASE("lxc, libvirt, mesos and bpm") {
  CHECK(id_of_path("/lxc/web/init.scope") == "web");
  CHECK(id_of_path("/lxc.payload/web") == "web");
  CHECK(id_of_path("/lxc.payload.web/system.slice") == "web");
  CHECK(id_of_path("/machine/vm1.libvirt-lxc") == "vm1");
  CHECK(id_of_path("/machine.slice/machine-lxc\\x2d1234\\x2dvm.scope") == "1234\\x2dvm");
  CHECK(id_of_path("/machine.slice/machine-lxc\\x2dvm.scope/libvirt") == "vm");
  CHECK(id_of_path("/libvirt/lxc/vm2") == "vm2");
  CHECK(id_of_path("/mesos/01234567-89ab-cdef-0123-456789abcdef") == "01234567-89a");
  CHECK(id_of_path("/mesos/no-id") == "");
  CHECK(id_of_path("/system.slice/runc/bpm-uaa.scope") == "uaa");
}

TEST_CASE("the host has no container") {
  for (const std::string& path :
       {std::string("/"), std::string(""),
        std::string("/user.slice/user-1000.slice/session-2.scope"),
        std::string("/system.slice/docker.service"), std::string("/init.scope"),
        "/docker/" + full_id.substr(1), "/docker/" + full_id + "0",
        "/docker/" + full_id.substr(1) + "g", "/docker-" + full_id}) {
    CAPTURE(path);
    CHECK(id_of_path(path) == "");
  }
  CHECK(container_id_from_cgroups("") == "");
}

TEST_CASE("the first path with an id wins, damage ends the list") {
  CHECK(id_of({"cpu=/", "memory=/docker/" + full_id}) == short_id);
  CHECK(id_of({"cpu=/lxc/one", "memory=/lxc/two"}) == "one");
  CHECK(id_of({"cpu=/", "no equals sign", "memory=/lxc/two"}) == "");
  CHECK(container_id_from_cgroups("cpu=/lxc/unterminated") == "unterminated");
}

TEST_CASE("the layout tells what runs a container, mostly") {
  const auto type_of = [](const std::string& path) {
    const auto match = gyr::container_from_cgroups("cpu=" + path + '\0');
    return gyr::container_type_name(match.type);
  };
  CHECK(type_of("/docker/" + full_id) == "docker");
  CHECK(type_of("/machine.slice/libpod-" + full_id + ".scope") == "podman");
  CHECK(type_of("/kubepods.slice/crio-" + full_id + ".scope") == "cri-o");
  CHECK(type_of("/kubepods.slice/cri-containerd-" + full_id + ".scope") == "containerd");
  CHECK(type_of("/default/box") == "containerd");
  CHECK(type_of("/lxc/box") == "lxc");
  CHECK(type_of("/x/bpm-foo.scope") == "bpm");
  CHECK(type_of("/user.slice") == "");
  CHECK(gyr::container_type_name(gyr::ContainerType{5}) == "custom");
  CHECK(gyr::container_type_name(gyr::ContainerType{12}) == "");
}
