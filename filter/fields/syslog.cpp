#include "filter/fields/registry.hpp"

namespace gyr::filter {

FieldClass syslog_fields() { return {"syslog", "", "", {}}; }

}  // namespace gyr::filter
