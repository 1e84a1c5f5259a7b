// The fields of processes, by subject; together they are the class `process`.
#pragma once

#include <span>

#include "filter/fields/field.hpp"

namespace gyr::filter {

std::span<const Field> process_image_fields();     // names, arguments, environment, executable file
std::span<const Field> process_id_fields();        // ids, sessions and process groups
std::span<const Field> process_ancestor_fields();  // parents and those before
std::span<const Field> process_resource_fields();  // times, descriptors, memory

}  // namespace gyr::filter
