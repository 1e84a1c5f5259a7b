#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass thread_fields() { return {"thread", "", "", {}}; }

}  // namespace gyr::filter
