#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass fdlist_fields() { return {"fdlist", "", "", {}}; }

}  // namespace gyr::filter
