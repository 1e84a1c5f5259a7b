// thread.*
#include <doctest/doctest.h>

#include "filter/fields/memory.hpp"
#include "tests/support/field_probe.hpp"

using namespace gyr;
using namespace gyr::test;

namespace {

namespace type = schema::type;

const std::string cgroups =
    texts({"perf=/x", "mem_cgroup=/y", "io=/z", "cpuset_cgroup=/w", "damaged", "cpu=/v"});

ThreadRecord record(int64_t tid, int64_t pid) {
  ThreadRecord t;
  t.tid = tid;
  t.pid = t.vpid = pid;
  t.vtid = tid;
  t.comm = "web";
  t.flags = tid == pid ? 0u : static_cast<uint32_t>(clone_thread | clone_files);
  t.cgroups = as_bytes_of(cgroups);
  t.cap_permitted = (1ull << 40) | 1;
  t.cap_effective = 1u << 21;
  t.vmsize_kb = 3, t.vmrss_kb = 2;
  t.pfmajor = 5, t.pfminor = 6;
  return t;
}

struct Two : World {
  Two() : World({record(10, 10), record(11, 10)}) { look(10); }
  void look(int64_t tid) { by(tid).event(type::getuid_exit, {u32(0)}); }
  void switch_from(int64_t tid, uint16_t on_cpu, uint64_t ts) {
    cpu(on_cpu).at(ts).by(tid).event(type::schedswitch_6_enter,
                                     {i64(1), u64(7), u64(8), u32(3), u32(2), u32(0)});
  }
  void procinfo(int64_t tid, uint64_t user, uint64_t system) {
    by(tid).event(type::procinfo_enter, {u64(user), u64(system)});
  }
};

}  // namespace

TEST_CASE("what threads have of their own") {
  Two w;
  CHECK(field(w, "thread.tid") == "10");
  CHECK(field(w, "thread.vtid") == "10");
  CHECK(field(w, "thread.ismain") == "true");
  CHECK(field(w, "thread.nametid") == "web10");
  CHECK(field(w, "thread.cap_permitted") == "CAP_CHOWN CAP_CHECKPOINT_RESTORE");
  CHECK(field(w, "thread.cap_inheritable") == "");
  CHECK(field(w, "thread.cap_effective") == "CAP_SYS_ADMIN");
  CHECK(field(w, "thread.vmsize") == "3");
  CHECK(field(w, "thread.vmrss") == "2");
  CHECK(field(w, "thread.vmsize.b") == "3072");
  CHECK(field(w, "thread.vmrss.b") == "2048");
  CHECK(field(w, "thread.pfmajor") == "5");
  CHECK(field(w, "thread.pfminor") == "6");
  w.look(11);
  CHECK(field(w, "thread.tid") == "11");
  CHECK(field(w, "thread.ismain") == "false");
  CHECK(field(w, "thread.vmsize") == "0");
  CHECK(field(w, "thread.vmrss.b") == "0");
}

TEST_CASE("control groups have their usual names, up to where the list is damaged") {
  Two w;
  CHECK(field(w, "thread.cgroups") == "perf_event=/x memory=/y blkio=/z cpuset=/w");
  CHECK(field(w, "thread.cgroup.memory") == "/y");
  CHECK(field(w, "thread.cgroup[perf_event]") == "/x");
  CHECK(field(w, "thread.cgroup.cpu") == "NULL");
  CHECK_THROWS(FieldProbe("thread.cgroup"));
  w.look(99);
  CHECK(field(w, "thread.cgroups") == "NULL");
}

TEST_CASE("the tid needs no thread record") {
  Two w;
  w.switch_from(77, 0, w.now());
  CHECK(w.last()->thread() == nullptr);
  CHECK(field(w, "thread.tid") == "77");
  CHECK(field(w, "thread.ismain") == "NULL");
}

TEST_CASE("time on a CPU is the time between its switches") {
  Two w;
  FieldProbe slice("thread.exectime"), total("thread.totexectime");
  const uint64_t start = w.now();
  w.switch_from(10, 0, start);
  CHECK(slice.at(w) == "0");
  CHECK(total.at(w) == "0");
  w.switch_from(11, 1, start + 500);
  CHECK(slice.at(w) == "0");
  CHECK(total.at(w) == "0");
  w.switch_from(10, 0, start + 1000);
  CHECK(slice.at(w) == "1000");
  CHECK(total.at(w) == "1000");
  w.look(10);
  CHECK(slice.at(w) == "0");
  CHECK(total.at(w) == "1000");
  w.switch_from(10, 1, start + 800);
  CHECK(slice.at(w) == "300");
  CHECK(total.at(w) == "1300");
  w.switch_from(11, 0, start + 900);  // earlier than the switch before
  CHECK(slice.at(w) == "0");
  CHECK(total.at(w) == "0");
  w.switch_from(77, 0, start + 1900);
  CHECK(slice.at(w) == "1000");
  CHECK(total.at(w) == "NULL");
}

TEST_CASE("CPU time is what procinfo events add") {
  Two w;
  FieldProbe all("thread.cpu"), user("thread.cpu.user"), system("thread.cpu.system");
  const auto check = [&](const char* expected_all, const char* expected_user,
                         const char* expected_system) {
    CHECK(all.at(w) == expected_all);
    CHECK(user.at(w) == expected_user);
    CHECK(system.at(w) == expected_system);
  };
  w.procinfo(10, 100, 50);
  check("0", "0", "0");
  w.procinfo(11, 900, 900);
  check("0", "0", "0");
  w.procinfo(10, 120, 55);
  check("25", "20", "5");
  w.procinfo(10, 220, 155);
  check("100", "100", "100");
  w.procinfo(10, 0, 0);  // goes backwards
  check("0", "0", "0");
  w.look(10);
  check("NULL", "NULL", "NULL");
}

TEST_CASE("memory by thread and CPU grows, forgets other owners of a tid, and has a limit") {
  filter::Memory numbers;
  filter::KeyedMemory<2> memory(numbers);
  Thread thread;
  for (thread.tid = -1; thread.tid < 1000; ++thread.tid) {
    uint64_t* mine = memory.of_thread(thread);
    CHECK((mine[0] == 0 && mine[1] == 0));
    mine[0] = static_cast<uint64_t>(thread.tid) + 5;
    memory.of_cpu(static_cast<uint16_t>(thread.tid))[1] = 7;
  }
  for (thread.tid = -1; thread.tid < 1000; ++thread.tid) {
    CHECK(memory.of_thread(thread)[0] == static_cast<uint64_t>(thread.tid) + 5);
    CHECK(memory.of_cpu(static_cast<uint16_t>(thread.tid))[1] == 7);
  }
  thread.tid = 3;
  thread.clone_ts = 99;
  CHECK(memory.of_thread(thread)[0] == 0);
  for (thread.tid = 0; thread.tid < 300'000; ++thread.tid) memory.of_thread(thread);
  CHECK(numbers.size() < 1'000'000);
}
