// container.*, k8s.*
#include <doctest/doctest.h>

#include "tests/support/field_probe.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

const std::string in_docker = texts({"cpu=/docker/" + std::string(64, 'a')});
const std::string in_sandbox = texts({"cpu=/docker/" + std::string(64, 'b')});
const std::string in_unknown = texts({"cpu=/docker/" + std::string(64, 'c')});
const std::string in_lxc = texts({"cpu=/lxc/box"});

ThreadRecord process(int64_t tid, const std::string& cgroups) {
  ThreadRecord t;
  t.tid = t.pid = tid;
  t.comm = "p";
  t.cgroups = as_bytes_of(cgroups);
  return t;
}

struct Containers : World {
  Containers()
      : World({process(1, ""), process(10, in_docker), process(11, in_sandbox),
               process(12, in_unknown), process(13, in_lxc)}) {
    event(type::container_json_enter, {text(R"({"container":{
      "id":"aaaaaaaaaaaa","full_id":"aaaa","type":0,"name":"web","image":"nginx:1.2",
      "imageid":"abc","imagerepo":"nginx","imagetag":"1.2","imagedigest":"sha256:0",
      "ip":"10.0.0.2","privileged":true,"host_network":true,
      "Mounts":[{"Source":"/a","Destination":"/b","Mode":"ro","RW":false,"Propagation":"private"},
                {"Source":"/c/d","Destination":"/e","RW":true}],
      "labels":{"app":"x","empty":"","io.kubernetes.pod.name":"shop-1","annotation.a":"b",
                "io.kubernetes.pod.namespace":"default","io.kubernetes.pod.uid":"u1",
                "io.kubernetes.sandbox.id":"bbbbbbbbbbbbbbbbbbbb"},
      "Healthcheck":{"exe":"/check","args":["-a"]}}})")});
    event(type::container_json_enter, {text(R"({"container":{
      "id":"bbbbbbbbbbbb","type":7,"name":"","image":"","ip":"10.0.0.9","cni_json":"{1}",
      "labels":{"app":"shop","tier":"front","io.kubernetes.pod.name":"shop-1"}}})")});
  }
  Containers& look(int64_t tid) {
    by(tid).event(type::getuid_exit, {u32(0)});
    return *this;
  }
};

}  // namespace

TEST_CASE("what the trace says of a container") {
  Containers w;
  w.look(10);
  CHECK(field(w, "container.id") == "aaaaaaaaaaaa");
  CHECK(field(w, "container.full_id") == "aaaa");
  CHECK(field(w, "container.name") == "web");
  CHECK(field(w, "container.type") == "docker");
  CHECK(field(w, "container.image") == "nginx:1.2");
  CHECK(field(w, "container.image.id") == "abc");
  CHECK(field(w, "container.image.repository") == "nginx");
  CHECK(field(w, "container.image.tag") == "1.2");
  CHECK(field(w, "container.image.digest") == "sha256:0");
  CHECK(field(w, "container.ip") == "10.0.0.2");
  CHECK(field(w, "container.privileged") == "true");
  CHECK(field(w, "container.host_network") == "true");
  CHECK(field(w, "container.host_pid") == "false");
  CHECK(field(w, "container.host_ipc") == "false");
  CHECK(field(w, "container.healthcheck") == "/check -a");
  CHECK(field(w, "container.liveness_probe") == "NONE");
  CHECK(field(w, "container.readiness_probe") == "NONE");
  CHECK(field(w, "container.label.app") == "x");
  CHECK(field(w, "container.label[empty]") == "");
  CHECK(field(w, "container.label.other") == "NULL");
  CHECK(field(w, "container.labels") == "app:x, empty");
  CHECK(field(w, "container.start_ts") == "NULL");
  CHECK(field(w, "container.duration") == "NULL");
  CHECK(field(w, "proc.is_container_healthcheck") == "false");
}

TEST_CASE("mounts by number and by pattern") {
  Containers w;
  w.look(10);
  CHECK(field(w, "container.mounts") == "/a:/b:ro:false:private,/c/d:/e::true:");
  CHECK(field(w, "container.mount[0]") == "/a:/b:ro:false:private");
  CHECK(field(w, "container.mount[2]") == "NULL");
  CHECK(field(w, "container.mount[/c*]") == "/c/d:/e::true:");
  CHECK(field(w, "container.mount[/x]") == "NULL");
  CHECK(field(w, "container.mount.source[/e]") == "/c/d");
  CHECK(field(w, "container.mount.source[/c/d]") == "NULL");
  CHECK(field(w, "container.mount.dest[/c/d]") == "/e");
  CHECK(field(w, "container.mount.mode[/a]") == "ro");
  CHECK(field(w, "container.mount.rdwr[1]") == "true");
  CHECK(field(w, "container.mount.propagation[0]") == "private");
  CHECK_THROWS(FieldProbe("container.mount"));
}

TEST_CASE("outside of containers") {
  Containers w;
  w.look(1);
  for (const char* name : {"container.id", "container.full_id", "container.name", "container.type"})
    CHECK(field(w, name) == "host");
  for (const char* name :
       {"container.image", "container.image.tag", "container.privileged", "container.mounts",
        "container.mount[0]", "container.healthcheck", "container.label.app", "k8s.pod.name"})
    CHECK(field(w, name) == "NULL");
  for (const char* name : {"container.ip", "container.labels", "container.cni.json"})
    CHECK(field(w, name) == "");
  CHECK(field(w, "container.host_pid") == "false");
}

TEST_CASE("containers that the trace says nothing of") {
  Containers w;
  w.look(12);
  CHECK(field(w, "container.id") == "cccccccccccc");
  CHECK(field(w, "container.full_id") == "NULL");
  CHECK(field(w, "container.name") == "NULL");
  CHECK(field(w, "container.type") == "docker");
  CHECK(field(w, "container.image") == "NULL");
  CHECK(field(w, "container.privileged") == "false");
  CHECK(field(w, "container.mounts") == "");
  CHECK(field(w, "container.healthcheck") == "NONE");
  CHECK(field(w, "container.host_pid") == "NULL");
  w.look(13);
  CHECK(field(w, "container.id") == "box");
  CHECK(field(w, "container.name") == "box");
  CHECK(field(w, "container.type") == "lxc");
  CHECK(field(w, "container.privileged") == "NULL");
  w.look(11);
  CHECK(field(w, "container.name") == "NULL");
  CHECK(field(w, "container.image") == "NULL");
  CHECK(field(w, "container.type") == "containerd");
}

TEST_CASE("the pod of a container") {
  Containers w;
  w.look(10);
  CHECK(field(w, "k8s.pod.name") == "shop-1");
  CHECK(field(w, "k8s.ns.name") == "default");
  CHECK(field(w, "k8s.pod.id") == "u1");
  CHECK(field(w, "k8s.pod.uid") == "u1");
  CHECK(field(w, "k8s.pod.sandbox_id") == "bbbbbbbbbbbb");
  CHECK(field(w, "k8s.pod.full_sandbox_id") == "bbbbbbbbbbbbbbbbbbbb");
  CHECK(field(w, "k8s.pod.label.app") == "shop");
  CHECK(field(w, "k8s.pod.label[tier]") == "front");
  CHECK(field(w, "k8s.pod.label.other") == "NULL");
  CHECK(field(w, "k8s.pod.labels") == "app:shop, tier:front");
  CHECK(field(w, "k8s.pod.ip") == "10.0.0.9");
  CHECK(field(w, "k8s.pod.cni.json") == "{1}");
  CHECK(field(w, "k8s.deployment.name") == "NULL");
  CHECK(field(w, "k8s.ns.label.a") == "NULL");
  w.look(11);
  CHECK(field(w, "k8s.pod.labels") == "NULL");
  CHECK(field(w, "k8s.pod.ip") == "10.0.0.9");
}
