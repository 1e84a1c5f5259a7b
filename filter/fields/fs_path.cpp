#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass fs_path_fields() { return {"fs_path", "", "", {}}; }

}  // namespace gyr::filter
