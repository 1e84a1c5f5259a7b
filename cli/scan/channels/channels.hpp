// All channels that a configuration switches on, as one output.
//
// Contract: `open` gives nothing when none is on, and an error when what one needs is not there.
// `finish` waits for what is left to be delivered, as long as the configuration has it, and says on
// standard error what was not; `complete` is true if all was.
//
// Example:
//   auto channels = Channels::open(options.config, options.is_live());
//   if (*channels) (*channels)->alert(alert);
#pragma once

#include "cli/scan/channels/delivery.hpp"
#include "cli/scan/output.hpp"

namespace gyr {

class Channels : public AlertOutput {
 public:
  static Result<std::unique_ptr<Channels>> open(const ScanConfig& config,
                                                const std::vector<rules::CompiledRule>& rules,
                                                bool live);

  rules::AlertParts parts() const override;
  void alert(const rules::Alert& alert) override;
  void finish() override;
  bool complete() const { return complete_; }

 private:
  Channels(const QueueConfig& queue, const std::vector<rules::CompiledRule>& rules)
      : queue_(queue), rules_(rules) {}

  QueueConfig queue_;
  const std::vector<rules::CompiledRule>& rules_;
  std::vector<std::unique_ptr<Delivery>> deliveries_;
  bool complete_ = true;
};

}  // namespace gyr
