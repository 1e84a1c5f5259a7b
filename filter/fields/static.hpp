// static.NAME: texts that the configuration gives names, for conditions and outputs.
//
// Purpose: what is the same for every event, such as which fleet a host belongs to.
//
// Contract: the fields are those that were defined last, before what uses them is bound; a bound
// field keeps its value. Not to be defined while another thread binds.
//
// Example:
//   define_static_fields({{"region", "eu"}});   // static.region = eu
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace gyr::filter {

using StaticFields = std::map<std::string, std::string, std::less<>>;

void define_static_fields(StaticFields fields);

/// Whether the parser takes static.NAME for a field.
bool is_static_name(std::string_view name);

}  // namespace gyr::filter
