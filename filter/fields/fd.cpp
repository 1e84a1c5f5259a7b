#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass fd_fields() { return {"fd", "", "", {}}; }

}  // namespace gyr::filter
