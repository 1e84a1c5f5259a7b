#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass process_fields() { return {"process", "", "", {}}; }

}  // namespace gyr::filter
