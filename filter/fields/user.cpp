#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass user_fields() { return {"user", "", "", {}}; }

}  // namespace gyr::filter
