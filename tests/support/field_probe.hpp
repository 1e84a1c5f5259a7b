// One field, asked at the last event of a World.
//
// Purpose: tests of extractors.
//
// Contract: values come back as text: numbers in decimal (signed types with their sign), truth as
// true or false, addresses in their usual form, "NULL" where there is none, several with " | "
// between them. A probe is one place in a filter: it remembers what its field remembers. A value
// for a type of event that the field says it does not apply to is a std::logic_error.
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
  /// "evt.arg.fd", "evt.arg[0]". Throws std::invalid_argument with the error where there is no such
  /// field.
  explicit FieldProbe(std::string_view written);

  /// What comparisons see.
  std::string at(const World& world);
  /// What output shows.
  std::string printed_at(const World& world);
  /// What JSON shows where it differs from output.
  std::string json_at(const World& world);

  const filter::BoundField& field() const { return field_; }

  filter::Settings settings;
  filter::Stream stream;  // but for the time of the first event, which is the World's

 private:
  bool extract(const World& world, filter::Extract how);
  std::string values(schema::ParamType type) const;

  filter::BoundField field_;
  filter::Memory memory_;
  filter::Extraction out_;
};

/// For one look.
inline std::string field(const World& world, std::string_view written) {
  return FieldProbe(written).at(world);
}
inline std::string printed(const World& world, std::string_view written) {
  return FieldProbe(written).printed_at(world);
}
/// What comparisons see in sysdig 0.29's dialect.
inline std::string as_0_29(const World& world, std::string_view written) {
  FieldProbe probe(written);
  probe.settings.render.dialect = Dialect::sysdig_0_29;
  return probe.at(world);
}

/// The error of a name that does not resolve; empty: it does.
std::string field_error(std::string_view written);

/// A machine with one process; views must outlive the World's constructor only.
std::vector<ThreadRecord> one_process(int64_t pid, std::string_view comm, std::string_view cwd);

}  // namespace gyr::test
