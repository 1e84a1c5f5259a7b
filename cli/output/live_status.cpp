#include "cli/output/live_status.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace gyr {

namespace {

constexpr std::string_view reasons[] = {"the ring was full", "too big", "", "a table was full"};

std::string losses_text(const LossCounts& counts) {
  std::string text;
  for (size_t i = 0; i < std::size(reasons); ++i) {
    if (counts.lost[i] == 0 || reasons[i].empty()) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts.lost[i], reasons[i]);
  }
  return text.empty() ? text : fmt::format(" ({})", text);
}

/// Events that are missing, and parameters that are missing in others.
std::string missing_text(const LossCounts& counts) {
  std::string text = fmt::format("{} lost{}", counts.missing(), losses_text(counts));
  if (const uint64_t unread = counts.lost[probe::lost_page]; unread != 0)
    text += fmt::format(", {} {} whose memory was not there", unread,
                        unread == 1 ? "parameter" : "parameters");
  return text;
}

}  // namespace

LiveStatus::LiveStatus(Probe& probe, bool wanted)
    : probe_(probe), active_(wanted && ::isatty(STDERR_FILENO) == 1) {}

void LiveStatus::draw(uint64_t events) {
  using namespace std::chrono_literals;
  const auto now = Clock::now();
  if (!active_ || now - last_ < 250ms) return;
  const std::chrono::duration<double> since = now - last_, running = now - start_;
  const double rate = static_cast<double>(events - last_events_) / since.count();
  const LossCounts counts = count_losses(probe_.stats());
  fmt::print(stderr, "\r\x1b[K{:.0f} s  {} events  {:.0f}/s  {}", running.count(), events, rate,
             missing_text(counts));
  last_ = now;
  last_events_ = events;
  drawn_ = true;
}

void LiveStatus::finish() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  drawn_ = false;
}

void ScanProgress::tell(size_t processes) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_ || ::isatty(STDERR_FILENO) != 1) return;
  next_ = now + std::chrono::milliseconds(250);
  fmt::print(stderr, "\r\x1b[Kreading /proc: {} processes", processes);
  drawn_ = true;
}

ScanProgress::~ScanProgress() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

std::string end_of_capture(const LossCounts& counts, uint64_t events) {
  return fmt::format("{} events, {}", events, missing_text(counts));
}

}  // namespace gyr
