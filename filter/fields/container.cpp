#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass container_fields() { return {"container", "", "", {}}; }

}  // namespace gyr::filter
