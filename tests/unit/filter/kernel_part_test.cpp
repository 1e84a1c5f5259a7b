// What the kernel may reject of a filter: which terms it takes over, and that it never takes too
// much away.
#include "filter/kernel_part.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "decoder/render/names.hpp"
#include "filter/filter.hpp"
#include "filter/parser.hpp"
#include "filter/probe_conditions.hpp"
#include "tests/support/naive_filter.hpp"
#include "tests/support/random_filters.hpp"
#include "tests/unit/corpus.hpp"

using namespace gyr;
using namespace gyr::filter;
using namespace gyr::test;

namespace {

namespace type = schema::type;
using Of = TaskCondition::Kind;
using Texts = std::vector<std::string>;
using Conditions = std::vector<TaskCondition>;

KernelPart part_of(const std::string& text) {
  auto tree = parse_filter(text);
  auto compiled = Filter::compile(text);
  if (!tree || !compiled) FAIL(text);
  return kernel_part(**tree, compiled->types());
}

Conditions conditions(const std::string& text) { return part_of(text).conditions; }

Texts wanted_calls(const KernelPart& part) {
  Texts names;
  for (size_t code = 0; code < part.calls.size(); ++code)
    if (part.calls[code]) names.emplace_back(schema::syscalls[code].name);
  return names;
}

probe::filter_config config(const std::string& text) { return probe_conditions(conditions(text)); }

probe::task_facts task(uint32_t pid, uint32_t tid, const char* comm) {
  probe::task_facts facts{};
  facts.pid = pid;
  facts.tid = tid;
  facts.parent_pid = facts.parent_tid = 1;
  char bytes[probe::comm_size] = {};
  std::strncpy(bytes, comm, sizeof bytes - 1);
  probe::set_task_name(&facts, bytes);
  return facts;
}

bool passes(const std::string& text, const probe::task_facts& facts) {
  const probe::filter_config filled = config(text);
  return probe::task_passes(&filled, &facts);
}

}  // namespace

TEST_CASE("comparisons with the task's ids and name are conditions") {
  CHECK(conditions("proc.pid=5") == Conditions{{Of::pid, false, {5}}});
  CHECK(conditions("thread.tid!=5") == Conditions{{Of::tid, true, {5}}});
  CHECK(conditions("proc.ppid in (9, 8, 9)") == Conditions{{Of::parent_pid, false, {8, 9}}});
  CHECK(conditions("user.uid=1000") == Conditions{{Of::uid, false, {1000}}});
  CHECK(conditions("proc.name in (sh, bash)") == Conditions{{Of::name, false, {}, {"bash", "sh"}}});
  CHECK(conditions("proc.name=sh or proc.name in (bash, cat)") ==
        Conditions{{Of::name, false, {}, {"bash", "cat", "sh"}}});
  CHECK(conditions("not proc.name in (sh, bash)") ==
        Conditions{{Of::name, true, {}, {"bash", "sh"}}});
  CHECK(conditions("not (proc.pid=5 or proc.pid=6)") == Conditions{{Of::pid, true, {5, 6}}});
  CHECK(conditions("proc.pid=5 or proc.pid in (6, 7) or proc.pid=0x8") ==
        Conditions{{Of::pid, false, {5, 6, 7, 8}}});
}

TEST_CASE("only terms of the outermost and are conditions, one of each kind") {
  CHECK(conditions("(evt.type=open and (proc.pid=5 and fd.num=3)) and proc.name=sh") ==
        Conditions{{Of::pid, false, {5}}, {Of::name, false, {}, {"sh"}}});
  CHECK(conditions("proc.pid in (5, 6) and proc.pid in (6, 7)") ==
        Conditions{{Of::pid, false, {6}}});
  CHECK(conditions("proc.pid!=5 and proc.pid in (5, 6)") == Conditions{{Of::pid, false, {6}}});
  CHECK(conditions("proc.pid!=5 and not proc.pid=6") == Conditions{{Of::pid, true, {5, 6}}});
  for (const char* text :
       {"proc.pid=5 or proc.name=sh", "not (proc.pid=5 and proc.name=sh)", "proc.pid>5",
        "proc.name contains sh", "proc.aname=sh", "proc.pid=5 or not proc.pid=6",
        "proc.name=val(proc.pname)", "tolower(proc.name)=sh", "proc.pid=5 or evt.type=open"})
    CHECK_MESSAGE(conditions(text).empty(), text);
}

TEST_CASE("what the state may see in another way is not a condition") {
  for (const char* text :
       {"user.uid!=0", "not user.uid=0", "user.uid=-1", "user.uid in (0, -1)", "proc.ppid!=1",
        "proc.ppid=0", "proc.ppid=-1", "proc.name=<NA>", "not proc.pid!=5", "user.name=root"})
    CHECK_MESSAGE(conditions(text).empty(), text);
}

TEST_CASE("constants that no task can have") {
  CHECK(conditions("proc.name in (sh, a-name-of-16-chr)") ==
        Conditions{{Of::name, false, {}, {"sh"}}});
  CHECK(conditions("proc.name=a-name-of-16-chr") == Conditions{{Of::name, false}});
  CHECK(conditions("proc.pid in (-1, 5, 4294967301)") == Conditions{{Of::pid, false, {5}}});
  CHECK(conditions("user.uid=4294968296") == Conditions{{Of::uid, false, {1000}}});
  CHECK_FALSE(passes("proc.name=a-name-of-16-chr", task(5, 5, "a-name-of-16-ch")));
  CHECK(passes("proc.name!=a-name-of-16-chr", task(5, 5, "a-name-of-16-ch")));
}

TEST_CASE("more values than the kernel compares with are left to the reader") {
  std::string list = "proc.pid in (100";
  for (int pid = 101; pid < 100 + probe::condition_values; ++pid)
    list += ", " + std::to_string(pid);
  CHECK(conditions(list + ")").size() == 1);
  CHECK(conditions(list + ", 7)").empty());
  CHECK(part_of(list + ", 7)").in_kernel.empty());
  CHECK(conditions("not " + list + ") and proc.pid!=7").front().numbers.size() ==
        probe::condition_values);
  const TaskCondition large{Of::pid, false, std::vector<uint32_t>(17, 5)};
  CHECK(probe_conditions({large}).pid.use == probe::all_pass);
}

TEST_CASE("the terms that are decided in the kernel, in words") {
  CHECK(part_of("evt.type=openat and proc.name=cat and fd.name contains etc").in_kernel ==
        Texts{"evt.type = openat", "proc.name = cat"});
  CHECK(part_of("(evt.type=openat or evt.is_io=true) and proc.pid!=5").in_kernel ==
        Texts{"(evt.type = openat or evt.is_io = true)", "proc.pid != 5"});
  CHECK(part_of("evt.type=openat or proc.pid=5").in_kernel.empty());
  CHECK(part_of("evt.type=openat and proc.name=cat and fd.name contains etc").not_in_kernel ==
        Texts{"fd.name contains etc"});
  CHECK(part_of("evt.num<10 and evt.type=openat").not_in_kernel ==
        Texts{"(evt.num < 10 and evt.type = openat)"});
}

TEST_CASE("terms that are settled when a program begins are for marks") {
  for (const char* text :
       {"container.id = 4f1c8a2b3d5e", "proc.cmdline contains nginx", "not container.id = host",
        "proc.exepath startswith /usr/", "thread.cgroup[pids] exists", "container.name != host",
        "(container.id = host or proc.env[A] = b or thread.tid = 5)", "proc.name contains sh",
        "proc.pid > 5", "proc.name = val(proc.exe)", "proc.args[0] = x", "k8s.ns.name = web",
        "tolower(proc.exe) = tolower(proc.name)", "not (proc.exe = a and proc.args = b)"}) {
    const KernelPart part = part_of(std::string(text) + " and evt.type = read");
    CHECK_MESSAGE(part.by_marks == Texts{text}, text);
    CHECK_MESSAGE(part.not_in_kernel.empty(), text);
    CHECK(part.in_kernel == Texts{"evt.type = read"});
  }
  CHECK(part_of("container.id = host and proc.exe = a").by_marks ==
        Texts{"container.id = host", "proc.exe = a"});
}

TEST_CASE("what can change while a program runs is not for marks") {
  for (const char* text :
       {"proc.cwd = /", "proc.aname = sh", "proc.pname = sh", "proc.ppid > 5", "user.uid != 0",
        "user.name = root", "proc.sid = 5", "proc.tty = 0", "proc.duration > 5", "fd.num = 3",
        "proc.vmsize > 5", "thread.cap_effective contains SYS", "container.duration > 5",
        "proc.name = val(proc.pname)", "container.id = host or evt.type = read",
        "container.id = host or fd.num = 3", "toupper(proc.cwd) = X", "proc.nchilds = 0"})
    CHECK_MESSAGE(part_of(text).by_marks.empty(), text);
  // The probe decides these itself, at once.
  for (const char* text : {"proc.name = sh", "proc.pid = 5", "not proc.name in (sh, bash)"})
    CHECK_MESSAGE(part_of(text).by_marks.empty(), text);
  CHECK(part_of("evt.num < 10 and container.id = host").by_marks.empty());
}

TEST_CASE("calls are wanted by name, also those without an event of their own") {
  CHECK(wanted_calls(part_of("evt.type in (sysinfo, openat)")) ==
        Texts{"unknown", "sysinfo", "openat"});
  CHECK(wanted_calls(part_of("evt.type=sysinfo and proc.pid=5")) == Texts{"unknown", "sysinfo"});
  CHECK(wanted_calls(part_of("evt.type=openat and fd.num>3")) == Texts{"openat"});
  // Where the filter asks for the call in one branch only.
  CHECK(wanted_calls(part_of("evt.type=sysinfo or (evt.type=openat and proc.pid=5)")) ==
        Texts{"unknown", "sysinfo", "openat"});
  const KernelPart other = part_of("not evt.type in (sysinfo, openat)");
  CHECK(std::count(other.calls.begin(), other.calls.end(), false) == 2);
  const KernelPart any = part_of("proc.pid=5");
  CHECK(std::count(any.calls.begin(), any.calls.end(), false) == 0);
}

TEST_CASE("a filter that counts events sees all of them") {
  for (const char* text :
       {"evt.num<10 and evt.type=openat", "proc.pid=5 and evt.deltatime>5",
        "proc.pid=5 and util.cnt<3", "evt.type=openat and (proc.pid=5 or evt.reltime<7)"}) {
    const KernelPart part = part_of(text);
    CHECK_MESSAGE(part.types.all(), text);
    CHECK_MESSAGE(part.conditions.empty(), text);
    CHECK_MESSAGE(part.in_kernel.empty(), text);
    CHECK(std::count(part.calls.begin(), part.calls.end(), false) == 0);
  }
}

TEST_CASE("tasks pass or not") {
  const probe::task_facts shell = task(5, 6, "sh");
  CHECK(passes("evt.type=open", shell));
  CHECK(passes("proc.pid=5 and thread.tid=6 and proc.name=sh and proc.ppid=1", shell));
  CHECK(passes("proc.pid in (4, 5)", shell));
  CHECK_FALSE(passes("proc.pid=6", shell));
  CHECK_FALSE(passes("thread.tid!=6", shell));
  CHECK(passes("thread.tid!=5", shell));
  CHECK_FALSE(passes("proc.name=s", shell));
  CHECK_FALSE(passes("proc.name=sh2", shell));
  CHECK_FALSE(passes("proc.name!=sh", shell));
  CHECK_FALSE(passes("proc.ppid=2", shell));
  CHECK_FALSE(passes("user.uid=1", shell));
}

TEST_CASE("names: what stands behind the NUL does not count") {
  probe::task_facts facts{};
  probe::set_task_name(&facts, "sh\0garbage.....");
  CHECK(passes("proc.name=sh", facts));
  probe::set_task_name(&facts, "systemd\0garbage");
  CHECK(passes("proc.name=systemd", facts));
  probe::set_task_name(&facts, "systemd-journal");
  CHECK(passes("proc.name=systemd-journal", facts));
  CHECK_FALSE(passes("proc.name=systemd-", facts));
  probe::set_task_name(&facts, "systemd-\0ournal");
  CHECK(passes("proc.name=systemd-", facts));
  probe::set_task_name(&facts, "\xff\x80\x01\0\x01g.........");
  CHECK(passes("proc.name='\xff\x80\x01'", facts));
  // The state then has the first word of the command line.
  probe::set_task_name(&facts, "\0ystemd-journal");
  CHECK(passes("proc.name=anything", facts));
}

TEST_CASE("a task passes where the state may have another value than the kernel") {
  probe::task_facts facts = task(5, 5, "sh");
  facts.parent_pid = 20;
  facts.parent_tid = 21;
  CHECK(passes("proc.ppid=20", facts));
  CHECK(passes("proc.ppid=21", facts));
  CHECK_FALSE(passes("proc.ppid=22", facts));
  facts.parent_unsure = 1;
  CHECK(passes("proc.ppid=22", facts));
  CHECK_FALSE(passes("user.uid=7", facts));
  facts.uid_unsure = 1;
  CHECK(passes("user.uid=7", facts));
  facts.name_unsure = 1;
  CHECK(passes("proc.name=cat", facts));
  CHECK(passes("proc.name!=sh", facts));
  CHECK_FALSE(passes("proc.name=cat and proc.pid=6", facts));
}

TEST_CASE("a task that the state does not know passes what is negated") {
  probe::task_facts facts = task(5, 5, "kworker/0:1");
  facts.is_stranger = 1;
  CHECK(passes("not proc.pid=5", facts));
  CHECK(passes("not proc.name=kworker/0:1", facts));
  CHECK_FALSE(passes("proc.pid=6", facts));
  CHECK_FALSE(passes("not thread.tid=5", facts));
}

namespace {

const std::string small_trace = GYR_TEST_DATA "/small.scap";

/// The task of an event as the state has it.
probe::task_facts facts_of(const Moment& moment) {
  static constexpr const char* ids[] = {"proc.pid", "proc.ppid", "user.uid"};
  probe::task_facts facts{};
  uint32_t* const numbers[] = {&facts.pid, &facts.parent_pid, &facts.uid};
  Extraction value;
  for (size_t i = 0; i < std::size(ids); ++i) {
    static Operand operand;
    operand.name = ids[i];
    if (bind(operand)->extract(moment, value))
      *numbers[i] = static_cast<uint32_t>(value.first().number);
    else if (numbers[i] == &facts.parent_pid)
      facts.parent_unsure = 1;
  }
  facts.parent_tid = facts.parent_pid;
  facts.tid = static_cast<uint32_t>(moment.event.raw().tid);
  const Thread* thread = moment.event.thread();
  facts.is_stranger = thread == nullptr;
  if (thread == nullptr || thread->comm.size() >= probe::comm_size) {
    facts.name_unsure = 1;
    return facts;
  }
  char comm[probe::comm_size] = {};
  std::copy(thread->comm.begin(), thread->comm.end(), comm);
  probe::set_task_name(&facts, comm);
  return facts;
}

bool call_passes(const KernelPart& part, const Event& event) {
  if (!part.types[event.raw().type]) return false;
  const schema::Syscall* call = generic_call(event);
  return call == nullptr || part.calls[static_cast<size_t>(call - schema::syscalls.data())];
}

struct Candidate {
  NodePtr tree;
  KernelPart part;
  probe::filter_config config;
};

/// Half of the filters are about what the kernel knows, and begin with an `and` of it.
std::vector<Candidate> random_candidates(const std::vector<Sample>& all,
                                         const std::vector<Sample>& known, unsigned count,
                                         unsigned seed) {
  Generator anything(all, seed), something(known, seed);
  std::vector<Candidate> candidates;
  for (unsigned i = 0; i < count; ++i) {
    auto tree = std::make_unique<Node>();
    tree->kind = Node::Kind::conjunction;
    tree->children.push_back(something.tree(static_cast<int>(i % 3)));
    tree->children.push_back(i % 2 != 0 ? anything.tree(1) : something.tree(1));
    if (i % 5 == 0) tree->children.push_back(something.tree(0));
    Program program;
    const auto id = program.add(*tree);
    if (!id) FAIL(dump(*tree) << ": " << id.error().message);
    KernelPart part = kernel_part(*tree, program.types(*id));
    const auto filled = probe_conditions(part.conditions);
    candidates.push_back({std::move(tree), std::move(part), filled});
  }
  return candidates;
}

std::vector<Sample> samples_of_kernel(const std::string& path) {
  std::vector<Sample> samples = samples_from_trace(path);
  std::erase_if(samples, [](const Sample& sample) {
    constexpr std::string_view names[] = {"proc.pid", "thread.tid", "proc.ppid",
                                          "user.uid", "proc.name",  "evt.type"};
    return std::ranges::find(names, sample.operand.name) == std::end(names);
  });
  REQUIRE(samples.size() == 6);
  return samples;
}

/// What the kernel's part of a filter rejects, the oracle does not match.
void compare_with_oracle(const std::string& path, unsigned filters, unsigned step, unsigned seed) {
  const std::vector<Sample> all = samples_from_trace(path), known = samples_of_kernel(path);
  const std::vector<Candidate> candidates = random_candidates(all, known, filters, seed);
  const auto conditioned = [](const Candidate& each) { return !each.part.conditions.empty(); };
  CHECK(std::ranges::count_if(candidates, conditioned) > filters / 4);
  uint64_t by_call = 0, by_task = 0, wrong = 0, matches = 0;
  Replay(path).for_each([&](const Moment& moment) {
    if (moment.event.num() % step != 0) return;
    const probe::task_facts facts = facts_of(moment);
    for (const Candidate& each : candidates) {
      const bool call = call_passes(each.part, moment.event);
      const bool passed = call && probe::task_passes(&each.config, &facts);
      by_call += !call;
      by_task += call && !passed;
      const bool matched = naive_matches(*each.tree, moment);
      matches += matched;
      if (passed || !matched || ++wrong > 5) continue;
      MESSAGE(dump(*each.tree) << " is rejected for event " << moment.event.num());
    }
  });
  CHECK(wrong == 0);
  CHECK(by_call > 1000);
  CHECK(by_task > 1000);
  CHECK(matches > 500);
}

}  // namespace

TEST_CASE("the kernel rejects nothing that a filter matches") {
  compare_with_oracle(small_trace, 600, 1, 30);
}

TEST_CASE("the kernel rejects nothing that a filter matches, on a real trace") {
  const std::string path = corpus_file("attack.scap.zst");
  if (path.empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  compare_with_oracle(path, 200, 97, 31);
}
