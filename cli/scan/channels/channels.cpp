#include "cli/scan/channels/channels.hpp"

#include <fmt/format.h>

#include "cli/run.hpp"

namespace gyr {

namespace {

/// In Falco's order.
Result<std::vector<ChannelPtr>> channels_of(const ScanConfig& config) {
  std::vector<ChannelPtr> channels;
  std::optional<Error> error;
  const auto add = [&](const auto& own, auto make) {
    if (!own.enabled || error) return;
    auto made = make(own, config.json);
    if (made)
      channels.push_back(std::move(*made));
    else
      error = std::move(made.error());
  };
  add(config.file, make_file_channel);
  add(config.syslog, make_syslog_channel);
  add(config.program, make_program_channel);
  add(config.http, make_http_channel);
  if (error) return fail(std::move(*error));
  return channels;
}

}  // namespace

Result<std::unique_ptr<Channels>> Channels::open(const ScanConfig& config,
                                                 const std::vector<rules::CompiledRule>& rules,
                                                 bool live) {
  auto made = channels_of(config);
  if (!made) return fail(std::move(made.error()));
  if (made->empty()) return nullptr;
  std::unique_ptr<Channels> channels(new Channels(config.queue, rules));
  for (ChannelPtr& channel : *made)
    channels->deliveries_.push_back(
        std::make_unique<Delivery>(std::move(channel), config.queue.capacity, live));
  return channels;
}

rules::AlertParts Channels::parts() const {
  rules::AlertParts parts;
  for (const auto& delivery : deliveries_)
    (delivery->channel().json() ? parts.json : parts.text) = true;
  return parts;
}

void Channels::alert(const rules::Alert& alert) {
  for (const auto& delivery : deliveries_)
    delivery->take(
        {delivery->channel().json() ? alert.json : alert.text, rules_[alert.rule].priority});
}

void Channels::finish() {
  for (const auto& delivery : deliveries_) delivery->end();
  for (const auto& delivery : deliveries_) {
    const DeliveryOutcome outcome = delivery->wait(std::chrono::milliseconds(queue_.grace));
    complete_ = complete_ && outcome.complete();
    const std::string& name = delivery->channel().name();
    if (outcome.lost != 0)
      report(fmt::format("{}: {} of {} alert{} could not be delivered: {}", name, outcome.lost,
                         outcome.alerts, outcome.alerts == 1 ? "" : "s", outcome.reason));
    if (!outcome.ending.empty()) report(fmt::format("{}: {}", name, outcome.ending));
  }
}

}  // namespace gyr
