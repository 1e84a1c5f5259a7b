// Random filters whose constants are values that the fields have in a trace.
//
// Purpose: tests that hold for every filter: the compiled form against the oracle, the kernel's
// part against the whole.
//
// Contract: the same seed gives the same filters. Fields that count, that are for output only or
// that ask for names of hosts are left out. Every tree compiles.
//
// Example:
//   const std::vector<Sample> samples = samples_from_trace(path);
//   Generator generator(samples, 1);
//   const NodePtr tree = generator.tree(3);
#pragma once

#include <random>
#include <string>
#include <vector>

#include "capture/file/reader.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "filter/ast.hpp"
#include "filter/source.hpp"

namespace gyr::test {

/// The events of a trace, one after the other.
struct Replay {
  explicit Replay(const std::string& path) : reader(std::move(*TraceReader::open(path))) {}

  std::unique_ptr<TraceReader> reader;
  State state;
  Decoder decoder{state};
  StateImport import{state, true};
  filter::Settings settings;

  template <class F>
  void for_each(F f) {
    while (reader->next(import) == TraceReader::Step::event) {
      const Event* event = decoder.decode(reader->event());
      if (event != nullptr)
        f(filter::Moment{*event, state, settings, filter::Stream{decoder.first_ts(), 0}});
    }
  }
};

/// A field, as it may stand in a filter, with values that it had.
struct Sample {
  filter::Operand operand;
  filter::Source source;
  std::vector<std::string> constants;
};

/// All fields, with up to a dozen values that each has in the trace.
std::vector<Sample> samples_from_trace(const std::string& path);

class Generator {
 public:
  Generator(const std::vector<Sample>& samples, unsigned seed) : samples_(samples), random_(seed) {}

  filter::NodePtr tree(int depth);

 private:
  std::string constant(const Sample& sample, filter::Op op);
  filter::Check check(const Sample& sample);

  const std::vector<Sample>& samples_;
  std::mt19937 random_;
  size_t sample_ = 0;
};

}  // namespace gyr::test
