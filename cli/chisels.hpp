// Chisels on the command line: -c NAME [ARGS], -cl [WORDS], -i NAME.
//
// Contract: `join_chisel_words` makes one word of -c's name and arguments, which are found by what
// the chisel says of itself; the row of -c takes that word apart again. ChiselRun is the run's side
// of its chisels: it opens them, passes events on, and stops the run at the first error.
//
// Example:
//   auto run = ChiselRun::open(options, settings);
//   (*run)->event(moment, matches);
//   (*run)->trace_ends(state, 0);
#pragma once

#include <functional>
#include <memory>

#include "chisels/chisel_set.hpp"
#include "cli/options.hpp"

namespace gyr {

Result<std::vector<std::string>> join_chisel_words(std::vector<std::string> arguments);
/// Of a word that `join_chisel_words` made.
Result<void> add_chisel(Options& options, const std::string& word);

int run_list_chisels(const Options& options);
int run_describe_chisel(const Options& options);

class ChiselRun {
 public:
  /// Settings that chisels may change are `settings`.
  static Result<std::unique_ptr<ChiselRun>> open(const Options& options,
                                                 filter::Settings& settings);

  void event(const filter::Moment& moment, bool matches) {
    if (!started_) [[unlikely]]
      start(moment.state);
    if (failed_) [[unlikely]]
      return;
    if (!set->event(moment, matches)) [[unlikely]]
      check(fail(set->failure()));
  }
  /// Live, where nothing happens.
  void tick(uint64_t ts, const State& state);
  /// Of a trace or of the capture; `last_ts`: of an event that was not looked at, or 0.
  void trace_ends(const State& state, uint64_t last_ts);

  /// An error, a closed output, or a chisel that wants no more.
  bool is_over() const { return failed_ || host.end_capture || output_closed(); }
  bool failed() const { return failed_; }

  chisels::ChiselHost host;
  std::unique_ptr<chisels::ChiselSet> set;

 private:
  void start(const State& state);
  void check(Result<void> done);
  static bool output_closed();

  bool started_ = false;
  bool failed_ = false;
};

/// Runs gyr once more with the arguments that a chisel asked for. Does not come back, but for an
/// error.
int run_again(const std::vector<std::string>& arguments);

}  // namespace gyr
