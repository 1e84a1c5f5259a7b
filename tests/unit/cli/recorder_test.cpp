// Copies say of their events what the original said: filtered, rotated, in every format.
#include "cli/recorder.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "schema_params.hpp"
#include "tests/support/trace_builder.hpp"
#include "tests/unit/cli/copies.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

constexpr const char* traces[] = {"curl_google.scap", "ipv6_client.scap", "shell.scap.zst",
                                  "attack.scap.zst"};

/// The first line that differs, for a message that can be read.
std::string difference(const std::vector<std::string>& wanted,
                       const std::vector<std::string>& got) {
  for (size_t i = 0; i < std::max(wanted.size(), got.size()); ++i) {
    const std::string a = i < wanted.size() ? wanted[i] : "(nothing)";
    const std::string b = i < got.size() ? got[i] : "(nothing)";
    if (a != b) return "line " + std::to_string(i) + "\nwanted " + a + "\ngot    " + b;
  }
  return "";
}

/// Each call with a predicate that has a memory begins anew.
using MakePredicate = std::function<Predicate()>;

Predicate every(unsigned n) {
  return [n, count = 0u](const Event&) mutable { return count++ % n == 0; };
}

const std::pair<const char*, MakePredicate> predicates[] = {
    {"every event", [] { return any_event; }},
    {"none", [] { return [](const Event&) { return false; }; }},
    {"every 7th", [] { return every(7); }},
    {"every 100th", [] { return every(100); }},
    {"write", [] { return [](const Event& e) { return e.info().name == "write"; }; }},
    {"exit events", [] { return [](const Event& e) { return !e.is_enter(); }; }},
    {"exit of read and openat",
     [] {
       return [](const Event& e) {
         return !e.is_enter() && (e.info().name == "read" || e.info().name == "openat");
       };
     }},
    {"one process",
     [] {
       return [](const Event& e) { return e.thread() != nullptr && e.thread()->comm == "curl"; };
     }},
    {"the second half", [] { return [count = 0](const Event&) mutable { return ++count > 700; }; }},
};

}  // namespace

TEST_CASE("a filtered copy says of its events what the original said") {
  for (const char* name : traces) {
    const std::string path = corpus_file(name);
    if (path.empty()) {
      MESSAGE("skipped: no corpus (GYR_CORPUS)");
      return;
    }
    for (const auto& [title, make] : predicates) {
      CAPTURE(name);
      CAPTURE(title);
      const TemporaryFolder folder;
      copy_events(path, {.name = folder / "copy", .select = true}, make());
      CHECK(difference(seen_in(path, make()), seen_in(folder / "copy")) == "");
    }
  }
}

TEST_CASE("each file of a rotation can be read alone") {
  for (const char* name : traces) {
    const std::string path = corpus_file(name);
    if (path.empty()) return;
    for (const auto& [title, make] : predicates) {
      CAPTURE(name);
      CAPTURE(title);
      const TemporaryFolder folder;
      RecorderOptions options{.name = folder / "copy", .rotation = {.events = 100}, .select = true};
      copy_events(path, options, make());
      std::vector<std::string> all;
      const auto names = folder.names();
      for (size_t i = 0; i < names.size(); ++i) {
        const auto lines = seen_in(folder / ("copy" + std::to_string(i)));
        if (i + 1 < names.size()) CHECK(lines.size() == 100);
        all.insert(all.end(), lines.begin(), lines.end());
      }
      CHECK(difference(seen_in(path, make()), all) == "");
    }
  }
}
