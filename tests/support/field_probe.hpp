// One field, asked at the last event of a World.
//
// Purpose: tests of extractors.
//
// Contract: values come back as text: numbers in decimal, truth as true or false, "NULL" where
// there is none, several with " | " between them. A probe remembers what its field remembers.
//
// Example:
//   CHECK(FieldProbe("proc.aname[1]").at(world) == "bash");
#pragma once

#include <string>

#include "filter/fields/registry.hpp"
#include "tests/support/world.hpp"

namespace gyr::test {

class FieldProbe {
 public:
  /// Throws std::invalid_argument with the error where there is no such field.
  explicit FieldProbe(std::string_view text);

  /// What comparisons see.
  std::string at(const World& world) { return value(world, field_.field->extract); }
  /// What output shows.
  std::string printed_at(const World& world) {
    return value(world,
                 field_.field->print != nullptr ? field_.field->print : field_.field->extract);
  }

 private:
  std::string value(const World& world, filter::Extract extract);

  filter::BoundField field_;
  filter::Memory memory_;
  filter::Extraction out_;
};

/// For one look.
inline std::string field(const World& world, std::string_view text) {
  return FieldProbe(text).at(world);
}
inline std::string printed(const World& world, std::string_view text) {
  return FieldProbe(text).printed_at(world);
}

}  // namespace gyr::test
