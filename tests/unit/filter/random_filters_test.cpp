// The compiled form of random filters against the oracle, over all events of a trace.
#include <doctest/doctest.h>

#include "filter/parser.hpp"
#include "filter/program.hpp"
#include "tests/support/naive_filter.hpp"
#include "tests/support/random_filters.hpp"
#include "tests/unit/corpus.hpp"

using namespace gyr;
using namespace gyr::filter;
using namespace gyr::test;

namespace {

const std::string small_trace = GYR_TEST_DATA "/small.scap";

/// Compares `filters` random filters at every `step`-th event of a trace. All events are given to
/// the compiled ones, which keep answers from one to the next.
void compare_with_oracle(const std::string& path, unsigned filters, unsigned step, unsigned seed) {
  const std::vector<Sample> samples = samples_from_trace(path);
  REQUIRE(samples.size() > 100);
  Program program;
  std::vector<NodePtr> trees;
  std::vector<Program::Id> ids;
  std::vector<std::optional<uint32_t>> thread_parts;
  Generator generator(samples, seed);
  for (unsigned i = 0; i < filters; ++i) {
    trees.push_back(generator.tree(static_cast<int>(i % 4)));
    auto id = program.add(*trees.back());
    if (!id) FAIL(dump(*trees.back()) << ": " << id.error().message);
    ids.push_back(*id);
    thread_parts.push_back(program.thread_part(*id));
  }
  uint64_t matches = 0, differences = 0, rejected = 0;
  Replay(path).for_each([&](const Moment& moment) {
    program.begin(moment);
    for (size_t i = 0; i < ids.size(); ++i) {
      const bool answer = program.matches(ids[i]);
      if (moment.event.num() % step != 0) continue;
      if (thread_parts[i] && !program.holds(*thread_parts[i])) {
        ++rejected;
        if (answer) FAIL(dump(*trees[i]) << " matches events of a thread that it rejects");
      }
      const bool expected = naive_matches(*trees[i], moment);
      matches += expected;
      if (answer == expected || ++differences > 5) continue;
      MESSAGE(dump(*trees[i]) << " is " << !expected << " for event " << moment.event.num());
      MESSAGE(program.describe(ids[i]));
    }
  });
  CHECK(differences == 0);
  CHECK(matches > 1000);
  CHECK(rejected > 1000);
}

}  // namespace

TEST_CASE("compiled filters select what the oracle selects") {
  compare_with_oracle(small_trace, 1000, 1, 20);
}

TEST_CASE("compiled filters select what the oracle selects, on a real trace") {
  const std::string path = corpus_file("attack.scap.zst");
  if (path.empty()) {
    MESSAGE("skipped: no corpus (GYR_CORPUS)");
    return;
  }
  compare_with_oracle(path, 200, 97, 22);
}

TEST_CASE("what a random filter dumps is read again as the same filter") {
  const std::vector<Sample> samples = samples_from_trace(small_trace);
  Generator generator(samples, 21);
  for (int i = 0; i < 2000; ++i) {
    const NodePtr tree = generator.tree(i % 5);
    const std::string text = dump(*tree);
    CAPTURE(text);
    auto again = parse_filter(text);
    if (!again) FAIL(again.error().message);
    CHECK(dump(**again) == text);
  }
}
