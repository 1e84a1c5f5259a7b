#include <doctest/doctest.h>

#include "decoder/container_json.hpp"
#include "tests/support/world.hpp"

using namespace gyr;
using namespace gyr::test;

namespace type = gyr::schema::type;

TEST_CASE("a container record is read from JSON") {
  const auto container = parse_container(R"({"container":{
    "id":"3ad7b26ded6d","full_id":"3ad7b26ded6d8e7b","type":7,"name":"web","image":"nginx:1.2",
    "imageid":"abc","imagerepo":"nginx","imagetag":"1.2","imagedigest":"sha256:0","ip":"10.0.0.2",
    "privileged":true,"host_pid":true,"host_network":false,"User":"www","cni_json":"{}",
    "Mounts":[{"Source":"/a","Destination":"/b","Mode":"ro","RW":false,"Propagation":"rprivate"},
              {"Source":"/c","RW":true}],
    "labels":{"z":"26","a":"1"},"pod_sandbox_id":"p","pod_sandbox_labels":{"app":"shop"},
    "Healthcheck":{"exe":"/bin/check","args":["-a","b"]},"LivenessProbe":{"exe":"/bin/live"},
    "what is this":{}}})");
  REQUIRE(container);
  CHECK(container->id == "3ad7b26ded6d");
  CHECK(container->full_id == "3ad7b26ded6d8e7b");
  CHECK(container->type == ContainerType::containerd);
  CHECK(container->name == "web");
  CHECK(container->image == "nginx:1.2");
  CHECK(container->image_id == "abc");
  CHECK(container->image_repository == "nginx");
  CHECK(container->image_tag == "1.2");
  CHECK(container->image_digest == "sha256:0");
  CHECK(container->ip == "10.0.0.2");
  CHECK(container->user == "www");
  CHECK(container->cni_json == "{}");
  CHECK(container->pod_sandbox_id == "p");
  CHECK(container->privileged);
  CHECK(container->host_pid);
  CHECK_FALSE(container->host_network);
  CHECK_FALSE(container->host_ipc);
  REQUIRE(container->mounts.size() == 2);
  CHECK(container->mounts[0].source == "/a");
  CHECK(container->mounts[0].destination == "/b");
  CHECK(container->mounts[0].mode == "ro");
  CHECK_FALSE(container->mounts[0].writable);
  CHECK(container->mounts[0].propagation == "rprivate");
  CHECK(container->mounts[1].writable);
  REQUIRE(Container::find(container->labels, "a") != nullptr);
  CHECK(*Container::find(container->labels, "a") == "1");
  CHECK(*Container::find(container->labels, "z") == "26");
  CHECK(Container::find(container->labels, "b") == nullptr);
  CHECK(*Container::find(container->pod_sandbox_labels, "app") == "shop");
  CHECK(container->healthcheck == "/bin/check -a b");
  CHECK(container->liveness_probe == "/bin/live");
  CHECK(container->readiness_probe.empty());
}

TEST_CASE("what is no container record gives none, what has odd members the rest") {
  for (const char* json :
       {"", "{", "[]", "null", "7", R"({"container":7})", R"({"container":{}})",
        R"({"container":{"id":7}})", R"({"container":{"id":""}})", R"({"id":"x"})", "\xff\xfe"})
    CHECK_FALSE(parse_container(json));
  const auto odd = parse_container(
      R"({"container":{"id":"x","name":7,"type":"docker","privileged":"yes","Mounts":{"a":1},
          "labels":["a"],"Healthcheck":"none","LivenessProbe":{"exe":[],"args":[1,"b"]}}})");
  REQUIRE(odd);
  CHECK(odd->id == "x");
  CHECK(odd->name.empty());
  CHECK(odd->type == ContainerType::unknown);
  CHECK_FALSE(odd->privileged);
  CHECK(odd->mounts.empty());
  CHECK(odd->labels.empty());
  CHECK(odd->healthcheck.empty());
  CHECK(odd->liveness_probe == " b");
}

TEST_CASE("deeply nested JSON takes no stack") {
  const std::string deep(1u << 20, '[');
  CHECK_FALSE(parse_container(R"({"container":)" + deep));
}

TEST_CASE("every form of container event fills the table") {
  World w;
  const auto json = [](std::string_view id) {
    return text("{\"container\":{\"id\":\"" + std::string(id) + "\",\"name\":\"n\",\"type\":1}}");
  };
  w.event(type::container_json_enter, {json("v1")});
  REQUIRE(w.state.containers.find("v1") != nullptr);
  CHECK(w.state.containers.find("v1")->name == "n");
  CHECK(w.state.containers.find("v1")->type == ContainerType::lxc);
  w.event(type::container_enter, {text("old"), u32(0), text("name"), text("image:1")});
  REQUIRE(w.state.containers.find("old") != nullptr);
  CHECK(w.state.containers.find("old")->name == "name");
  CHECK(w.state.containers.find("old")->image == "image:1");
  CHECK(w.state.containers.find("old")->type == ContainerType::docker);
  w.event(type::container_enter, {text("short"), u32(0)});
  CHECK(w.state.containers.find("short") == nullptr);
  CHECK(w.state.containers.size() == 2);
  w.event(type::container_json_2_enter, {json("v2")});
  CHECK(w.state.containers.find("v2") != nullptr);
  w.event(type::asyncevent_enter, {u32(3), text("container"), json("async")});
  CHECK(w.state.containers.find("async") != nullptr);
  w.event(type::asyncevent_enter, {u32(3), text("other"), json("ignored")});
  CHECK(w.state.containers.find("ignored") == nullptr);
  w.event(type::asyncevent_enter, {u32(3), text("container_removed"), json("async")});
  CHECK(w.state.containers.find("async") == nullptr);
  CHECK(w.state.containers.find("v2") != nullptr);
}

TEST_CASE("the table replaces, removes and has limits") {
  ContainerTable table;
  const auto named = [](std::string id, std::string name) {
    Container container;
    container.id = std::move(id);
    container.name = std::move(name);
    return container;
  };
  table.set(named("a", "first"), 100);
  table.set(named("a", "second"), 100);
  CHECK(table.size() == 1);
  CHECK(table.find("a")->name == "second");
  table.set(named("", "no id"), 1);
  CHECK(table.size() == 1);
  table.set(named("big", ""), ContainerTable::max_bytes - 100);
  CHECK(table.find("big") != nullptr);
  table.set(named("more", ""), 1);
  CHECK(table.find("more") == nullptr);
  table.remove("big");
  table.remove("big");
  table.set(named("more", ""), 1);
  CHECK(table.find("more") != nullptr);
  table.clear();
  CHECK(table.size() == 0);
  for (size_t i = 0; i <= ContainerTable::max_containers; ++i)
    table.set(named(std::to_string(i), ""), 1);
  CHECK(table.size() == ContainerTable::max_containers);
}

TEST_CASE("users keep where they live and what they run") {
  World w;
  w.records().user({.is_group = false,
                    .uid = 1000,
                    .gid = 50,
                    .name = "alice",
                    .home = "/home/alice",
                    .shell = "/bin/zsh"});
  const UserInfo* user = w.state.users.find("", 1000);
  REQUIRE(user != nullptr);
  CHECK(user->gid == 50);
  CHECK(user->home == "/home/alice");
  CHECK(user->shell == "/bin/zsh");
  w.event(type::user_added_enter,
          {u32(7), u32(8), text("app"), text("/srv"), text("/bin/false"), text("abcdef012345")});
  CHECK(w.state.users.find("", 7) == nullptr);
  user = w.state.users.find("abcdef012345", 7);
  REQUIRE(user != nullptr);
  CHECK(user->gid == 8);
  CHECK(user->name == "app");
  CHECK(user->home == "/srv");
  CHECK(user->shell == "/bin/false");
}
