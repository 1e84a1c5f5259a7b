#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass event_fields() { return {"event", "", "", {}}; }

}  // namespace gyr::filter
