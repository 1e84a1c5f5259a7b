// How often this thread has allocated memory.
//
// Purpose: tests of what must not allocate once it is warm.
//
// Contract: counts operator new, of the whole test program. With sanitizers, which have an operator
// new of their own, it is always 0.
//
// Example:
//   const uint64_t before = allocations();
//   work();
//   CHECK(allocations() == before);
#pragma once

#include <cstdint>

namespace gyr::test {

uint64_t allocations();

}  // namespace gyr::test
