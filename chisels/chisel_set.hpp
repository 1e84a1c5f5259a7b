// The chisels of a run, in the order of the command line.
//
// Contract: every event goes to each of them in turn. The first error ends the run. Several share
// the host: what one asks of the run holds for all.
//
// Example:
//   auto set = ChiselSet::open({{"topprocs_file", {}}}, host);
//   set->start(state);
//   set->event(moment, matches);
//   set->finish();
#pragma once

#include <memory>
#include <vector>

#include "chisels/chisel.hpp"

namespace gyr::chisels {

struct ChiselRequest {
  std::string name;
  std::vector<std::string> values;
};

class ChiselSet {
 public:
  static Result<std::unique_ptr<ChiselSet>> open(const std::vector<ChiselRequest>& requests,
                                                 ChiselHost& host);
  explicit ChiselSet(ChiselHost& host) : host_(host) {}

  Result<void> start(const State& state);
  Result<void> event(const filter::Moment& moment, bool matches);
  /// Live, where nothing happens: `ts` is now.
  Result<void> tick(uint64_t ts);
  Result<void> finish();

  /// Types of events that one of them can want; none: all.
  std::optional<filter::EventTypes> wanted_types() const;
  bool needs_enter() const;

 private:
  ChiselHost& host_;
  std::vector<std::unique_ptr<Chisel>> chisels_;
};

}  // namespace gyr::chisels
