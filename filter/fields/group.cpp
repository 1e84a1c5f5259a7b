#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass group_fields() { return {"group", "", "", {}}; }

}  // namespace gyr::filter
