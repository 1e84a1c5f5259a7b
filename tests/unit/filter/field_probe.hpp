// The value of a field at the last event of a World, as text.
//
// Contract: one Probe is one place in a filter: it remembers what its field remembers. NULL reads
// as
// "<NA>"; numbers are decimal (signed types with their sign), booleans true and false.
//
// Example:
//   world.event(type::openat_2_exit, ...);
//   CHECK(value(world, "evt.type") == "openat");
#pragma once

#include <string>

#include "filter/fields/registry.hpp"
#include "tests/support/world.hpp"

namespace gyr::test {

class Probe {
 public:
  /// "evt.arg.fd", "evt.arg[0]"
  explicit Probe(std::string_view written);

  std::string operator()(const World& world);
  /// As output shows it, and as JSON does.
  std::string printed(const World& world);
  std::string json(const World& world);
  const filter::BoundField& field() const { return field_; }

  filter::Settings settings;
  filter::Stream stream;

 private:
  bool extract(filter::Extract function, const World& world);
  std::string text(bool is_text) const;

  filter::BoundField field_;
  filter::Memory memory_;
  filter::Extraction out_;
};

inline std::string value(const World& world, std::string_view written) {
  return Probe(written)(world);
}

/// A machine with one process; views must outlive the World's constructor only.
std::vector<ThreadRecord> one_process(int64_t pid, std::string_view comm, std::string_view cwd);

/// The error of a name that does not resolve; empty: it does.
std::string field_error(std::string_view written);

}  // namespace gyr::test
