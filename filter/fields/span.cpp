#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass span_fields() { return {"span", "", "", {}}; }

}  // namespace gyr::filter
