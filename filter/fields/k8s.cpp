#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass k8s_fields() { return {"k8s", "", "", {}}; }

}  // namespace gyr::filter
