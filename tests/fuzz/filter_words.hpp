// Filter text in which a byte or two stand for a word.
//
// Purpose: to reach the fields. A fuzzer rarely finds a name of twenty letters by itself.
//
// Contract: bytes below 0x80 are themselves. 0x80 to 0xBF and the byte behind it are the number of
// a field, for which its name stands, with an argument if it needs one and none follows; from 0xC0
// on it is an operator or another word of a table. make_seeds.py writes the same encoding.
//
// Example:
//   expand("\x80\x01 exists")   // "evt.time exists"
#pragma once

#include <string>
#include <string_view>

namespace gyr::fuzz {

std::string expand(std::string_view encoded);

}  // namespace gyr::fuzz
