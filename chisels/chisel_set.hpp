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
  bool for_today = false;  // Description::for_today
};

class ChiselSet {
 public:
  static Result<std::unique_ptr<ChiselSet>> open(const std::vector<ChiselRequest>& requests,
                                                 ChiselHost& host);
  explicit ChiselSet(ChiselHost& host) : host_(host) {}

  Result<void> start(const State& state);
  /// False: an error, which `failure` gives.
  bool event(const filter::Moment& moment, bool matches) {
    host_.moment = &moment;
    host_.first_ts = moment.stream.first_ts;
    host_.last_ts = moment.event.raw().ts;
    bool good = true;
    for (const auto& chisel : chisels_) {
      good = chisel->event(moment, matches);
      if (host_.end_capture || !good) [[unlikely]]
        break;
    }
    host_.moment = nullptr;
    return good;
  }
  Error failure();
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
