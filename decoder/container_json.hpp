// Container records from the JSON of container events.
//
// Contract: the text is `{"container": {...}}` (gyr-scap(5), "Container events"). Members that are
// missing or of another type than they should be stay empty; unknown ones are passed over. nullopt
// when the text is no such object or names no id.
//
// Example:
//   parse_container(R"({"container":{"id":"3ad7b26ded6d","type":0,"name":"web"}})")->name;  // web
#pragma once

#include <optional>
#include <string_view>

#include "decoder/container_table.hpp"

namespace gyr {

std::optional<Container> parse_container(std::string_view json);

}  // namespace gyr
