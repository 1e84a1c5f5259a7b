// The filter language, evaluated the obvious way: the oracle for the compiled form.
//
// Contract: walks the tree for every event and compares text by text; slow, and kept so. Fields are
// bound anew each time, so conditions with fields that count (FieldFlag::stateful) are not for it.
//
// Example:
//   CHECK(filter.matches(moment) == naive_matches(*tree, moment));
#pragma once

#include "filter/ast.hpp"
#include "filter/source.hpp"

namespace gyr::test {

bool naive_matches(const filter::Node& tree, const filter::Moment& moment);

}  // namespace gyr::test
