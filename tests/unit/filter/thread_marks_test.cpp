// Marks of threads: when they hold, who gets one, and that what they reject no filter would match.
#include "filter/thread_marks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <vector>

#include "decoder/traits.hpp"
#include "filter/kernel_part.hpp"
#include "filter/parser.hpp"
#include "probe/marks.h"
#include "tests/support/naive_filter.hpp"
#include "tests/support/random_filters.hpp"
#include "tests/unit/corpus.hpp"

using namespace gyr;
using namespace gyr::filter;
using namespace gyr::test;
using probe::mark_holds;
using probe::mark_of;

TEST_CASE("a mark holds for the program that it was made for") {
  const uint64_t mark = mark_of(70000, 1000 * 64);
  CHECK(mark_holds(mark, 70000, 500 * 64, 0));
  CHECK(mark_holds(mark, 70000, 500 * 64, 900 * 64));
  // Made by the event that tells of the program, or of the thread, itself.
  CHECK(mark_holds(mark, 70000, 1000 * 64, 1000 * 64));
  // From before the program was begun, or from another thread that had the tid.
  CHECK_FALSE(mark_holds(mark, 70000, 500 * 64, 1000 * 64 + 1));
  CHECK_FALSE(mark_holds(mark, 70000, 1000 * 64 + 1, 0));
}

TEST_CASE("a mark is of one thread of those that share its slot") {
  const uint64_t mark = mark_of(70000, 1000 * 64);
  CHECK(probe::mark_slot(70000) == probe::mark_slot(70000 - 65536));
  CHECK_FALSE(mark_holds(mark, 70000 - 65536, 0, 0));
  CHECK_FALSE(mark_holds(mark, 70000 + 65536, 0, 0));
  CHECK(mark_holds(mark_of(4194303, 6400), 4194303, 64, 0));
  CHECK(probe::can_be_marked(4194303));
  CHECK_FALSE(probe::can_be_marked(4194304));
  CHECK_FALSE(probe::can_be_marked(0));
}

TEST_CASE("without a mark nothing holds, also not for the first threads of the machine") {
  CHECK_FALSE(mark_holds(0, 1, 0, 0));
  CHECK_FALSE(mark_holds(0, 70000, 0, 0));
  CHECK_FALSE(mark_holds(1, 65536 + 1, 0, 0));
}

TEST_CASE("what is cut off the time makes a mark older, not younger") {
  const uint64_t mark = mark_of(5, 1000 * 64 + 63);
  CHECK(mark_holds(mark, 5, 0, 1000 * 64));
  CHECK_FALSE(mark_holds(mark, 5, 0, 1000 * 64 + 63));
}

namespace {

const std::string small_trace = GYR_TEST_DATA "/small.scap";

/// A capture as the reader and the probe see it together, made of a trace: the probe is ahead of
/// the reader, so it sees marks some events later.
class Marked {
 public:
  explicit Marked(const std::string& terms)
      : tree_(std::move(*parse_filter(terms))),
        slots_(probe::mark_slots),
        seen_(probe::mark_slots),
        begun_(probe::mark_slots),
        marks_(std::move(*Filter::compile(terms)), slots_, 0) {}

  bool holds_for(const Thread& thread) const {
    const auto tid = static_cast<uint32_t>(thread.tid);
    const uint32_t slot = probe::mark_slot(tid);
    return mark_holds(seen_[slot], tid, thread.clone_ts, begun_[slot]);
  }

  /// Whether the probe would have rejected the event.
  bool event(const Moment& moment, bool matched) {
    const Event& event = moment.event;
    const Thread* thread = event.thread();
    if (thread == nullptr) return false;
    const uint16_t today = event.today_id();
    const bool begins =
        today == schema::type::execve_19_exit || today == schema::type::execveat_exit;
    const uint32_t slot = probe::mark_slot(static_cast<uint32_t>(thread->tid));
    while (!on_the_way_.empty() && on_the_way_.front().from <= event.num()) {
      seen_[on_the_way_.front().slot] = on_the_way_.front().mark;
      on_the_way_.pop_front();
    }
    if (begins && thread->lastexec_ts == event.raw().ts) begun_[slot] = event.raw().ts;
    const bool always = state_event_types()[event.raw().type];
    const bool call = !schema::is_enter(event.raw().type);
    const bool rejected = call && !always && holds_for(*thread);
    if (rejected) return true;
    marks_.look(moment, matched);
    on_the_way_.push_back({event.num() + delay, slot, slots_[slot]});
    return false;
  }

  const Node& tree() const { return *tree_; }

 private:
  static constexpr uint64_t delay = 10;
  struct Mark {
    uint64_t from;  // event number
    uint32_t slot;
    uint64_t mark;
  };

  NodePtr tree_;
  std::vector<uint64_t> slots_;  // as the reader has them
  std::vector<uint64_t> seen_;   // as the probe does
  std::deque<Mark> on_the_way_;
  std::vector<uint64_t> begun_;
  ThreadMarks marks_;
};

/// Fields of programs.
std::vector<Sample> samples_of_programs(const std::string& path) {
  std::vector<Sample> samples = samples_from_trace(path);
  std::erase_if(samples,
                [](const Sample& sample) { return (sample.source.flags() & of_program) == 0; });
  return samples;
}

struct Count {
  uint64_t rejected = 0, matched = 0, wrong = 0;
};

/// Many filters at once over a trace: what marks reject the oracle does not match.
Count compare_with_oracle(const std::string& path, unsigned filters, unsigned seed) {
  const std::vector<Sample> samples = samples_of_programs(path);
  REQUIRE(samples.size() > 10);
  Generator generator(samples, seed);
  std::vector<std::unique_ptr<Marked>> all;
  for (unsigned i = 0; i < filters; ++i)
    all.push_back(std::make_unique<Marked>(dump(*generator.tree(static_cast<int>(i % 3)))));
  Count count;
  Replay(path).for_each([&](const Moment& moment) {
    for (const auto& each : all) {
      const bool matched = naive_matches(each->tree(), moment);
      const bool rejected = each->event(moment, matched);
      count.matched += matched;
      count.rejected += rejected;
      if (!rejected || !matched || ++count.wrong > 5) continue;
      MESSAGE(dump(each->tree()) << " is rejected for event " << moment.event.num());
    }
  });
  return count;
}

}  // namespace

TEST_CASE("marks reject nothing that a filter matches") {
  const Count count = compare_with_oracle(small_trace, 200, 40);
  CHECK(count.wrong == 0);
  CHECK(count.rejected > 500);
  CHECK(count.matched > 1'000);
}

TEST_CASE("marks reject nothing that a filter matches, on a real trace") {
  const std::string path = corpus_file("attack.scap.zst");
  if (path.empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  const Count count = compare_with_oracle(path, 40, 41);
  CHECK(count.wrong == 0);
  CHECK(count.rejected > 10'000);
}
