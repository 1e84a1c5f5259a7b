// A World whose fields are asked again and again with the same settings.
#pragma once

#include <doctest/doctest.h>

#include "tests/support/field_probe.hpp"

namespace gyr::test {

struct FdWorld : World {
  using World::World;

  std::string field(std::string_view written) const { return probe(written).at(*this); }
  std::string printed(std::string_view written) const { return probe(written).printed_at(*this); }

  filter::Settings settings;

 private:
  FieldProbe probe(std::string_view written) const {
    FieldProbe made(written);
    made.settings = settings;
    return made;
  }
};

}  // namespace gyr::test
