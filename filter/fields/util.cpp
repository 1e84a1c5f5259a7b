#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass util_fields() { return {"util", "", "", {}}; }

}  // namespace gyr::filter
