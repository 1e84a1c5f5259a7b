#include "filter/fields/registry.hpp"

namespace gyr::filter {

namespace {

bool count(const Site& site, Extraction& out) {
  if (site.memory.empty()) site.memory.push_back(0);
  return out.set_number(++site.memory[0]);
}

constexpr Field rows[] = {
    {.name = "util.cnt",
     .type = schema::ParamType::uint64,
     .flags = stateful,
     .extract = count,
     .doc = "A counter that begins at 1 and grows each time that it is shown or compared."},
};

}  // namespace

FieldClass util_fields() { return {"util", "", "For use in output formats.", rows}; }

}  // namespace gyr::filter
