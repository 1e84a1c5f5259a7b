#include "cli/rotation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace gyr {

namespace {

constexpr uint64_t ns_per_second = 1'000'000'000;

std::string formatted_time(const std::string& pattern, uint64_t ts) {
  const auto seconds = static_cast<time_t>(ts / ns_per_second);
  struct tm local {};
  localtime_r(&seconds, &local);
  std::array<char, 4096> text{};
  return {text.data(), strftime(text.data(), text.size(), pattern.c_str(), &local)};
}

}  // namespace

std::string Rotation::name_of(uint64_t ts) const {
  std::string name = is_pattern() ? formatted_time(name_, ts) : name_;
  if (limits_.seconds && !is_pattern()) name += std::to_string(index_);
  if (limits_.bytes) {
    const size_t digits = limits_.files ? std::to_string(*limits_.files).size() : 1;
    name += fmt::format("{:0{}}", index_, digits);
  } else if (limits_.events && !limits_.seconds) {
    name += std::to_string(index_);
  }
  // A pattern that is coarser than the files are long would name two files alike.
  const bool again = std::find(names_.begin(), names_.end(), name) != names_.end();
  return again ? name + std::to_string(index_) : name;
}

std::string Rotation::begin(uint64_t ts) {
  if (!limits_.any()) return name_;
  if (begun_) ++index_;
  begun_ = true;
  if (limits_.files && !is_pattern()) index_ %= *limits_.files;
  set_start(ts);
  events_ = 0;
  std::string name = name_of(ts);
  if (is_pattern()) names_.push_back(name);
  return name;
}

bool Rotation::due(uint64_t ts, uint64_t size) const {
  const uint64_t now = ts / ns_per_second;
  return (limits_.seconds && now >= start_ + *limits_.seconds) ||
         (limits_.bytes && size > *limits_.bytes) || (limits_.events && events_ >= *limits_.events);
}

std::optional<std::string> Rotation::take_surplus() {
  // Without a limit only the last name matters: times do not come again.
  const size_t kept = limits_.files.value_or(1);
  if (names_.size() <= kept) return std::nullopt;
  std::string oldest = std::move(names_.front());
  names_.pop_front();
  if (!limits_.files) return std::nullopt;
  return oldest;
}

}  // namespace gyr
