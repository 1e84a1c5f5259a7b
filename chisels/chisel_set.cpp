#include "chisels/chisel_set.hpp"

#include "filter/bare_event.hpp"

namespace gyr::chisels {

Result<std::unique_ptr<ChiselSet>> ChiselSet::open(const std::vector<ChiselRequest>& requests,
                                                   ChiselHost& host) {
  auto set = std::make_unique<ChiselSet>(host);
  for (const ChiselRequest& request : requests) {
    auto chisel = Chisel::open(request.name, request.values, host);
    if (!chisel) return fail(std::move(chisel.error()));
    set->chisels_.push_back(std::move(*chisel));
  }
  return set;
}

Result<void> ChiselSet::start(const State& state) {
  host_.state = &state;
  for (const auto& chisel : chisels_) {
    if (auto done = chisel->start(); !done) return done;
  }
  return {};
}

Error ChiselSet::failure() {
  for (const auto& chisel : chisels_) {
    if (Error error = chisel->failure(); !error.message.empty()) return error;
  }
  return {};
}

Result<void> ChiselSet::tick(uint64_t ts) {
  const filter::BareEvent nothing(schema::type::procinfo_enter, 0, ts);
  const Event event(nothing.raw());
  const filter::Stream stream{host_.first_ts, host_.last_ts};
  const filter::Moment moment{event, *host_.state, *host_.settings, stream};
  host_.moment = &moment;
  Result<void> done;
  for (const auto& chisel : chisels_) {
    done = chisel->tick(moment);
    if (!done) break;
  }
  host_.moment = nullptr;
  return done;
}

Result<void> ChiselSet::finish() {
  for (const auto& chisel : chisels_) {
    if (auto done = chisel->finish(); !done) return done;
  }
  return {};
}

std::optional<filter::EventTypes> ChiselSet::wanted_types() const {
  filter::EventTypes types;
  for (const auto& chisel : chisels_) {
    const auto of_one = chisel->wanted_types();
    if (!of_one) return std::nullopt;
    types |= *of_one;
  }
  return types;
}

bool ChiselSet::needs_enter() const {
  return std::ranges::any_of(chisels_, [](const auto& chisel) { return chisel->needs_enter(); });
}

}  // namespace gyr::chisels
