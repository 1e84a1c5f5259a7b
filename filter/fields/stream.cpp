#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass event_stream_fields() { return {"event_stream", "", "", {}}; }

}  // namespace gyr::filter
