#include "cli/output/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace gyr {

namespace {

constexpr std::string_view clear_line = "\r\033[K";

void write_to_terminal(std::string_view text) {
  [[maybe_unused]] const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
}

std::string short_number(double value) {
  if (value >= 1e6) return fmt::format("{:.1f}M", value / 1e6);
  if (value >= 1e3) return fmt::format("{:.0f}k", value / 1e3);
  return fmt::format("{:.0f}", value);
}

std::string short_time(double seconds) {
  const auto s = static_cast<uint64_t>(seconds);
  return s >= 3600 ? fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
                   : fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace

Progress::Progress(const InputFile& input, bool wanted)
    : input_(input), active_(wanted && ::isatty(STDERR_FILENO) == 1) {}

void Progress::look(uint64_t events) {
  constexpr auto interval = std::chrono::milliseconds(200);
  next_look_ = events + events_per_look;
  const auto now = Clock::now();
  if (now - last_ < interval) return;
  last_ = now;
  draw(events, std::chrono::duration<double>(now - start_).count());
}

void Progress::draw(uint64_t events, double seconds) {
  constexpr int bar_width = 30;
  drawn_ = true;
  const std::string rate = short_number(static_cast<double>(events) / seconds);
  const auto done = static_cast<double>(input_.position());
  if (input_.size() == 0) {
    write_to_terminal(fmt::format("{}{} events, {} events/s", clear_line, events, rate));
    return;
  }
  const double share = std::min(1.0, done / static_cast<double>(input_.size()));
  const int filled = static_cast<int>(share * bar_width);
  const double left = share > 0 ? seconds * (1 - share) / share : 0;
  write_to_terminal(fmt::format("{}[{:#<{}}{:.<{}}] {:5.1f}% {} events/s, {} left", clear_line, "",
                                filled, "", bar_width - filled, share * 100, rate,
                                short_time(left)));
}

void Progress::finish() {
  if (drawn_) write_to_terminal(clear_line);
  drawn_ = false;
}

}  // namespace gyr
