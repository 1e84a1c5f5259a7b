// Typed names for the parameters of events.
//
// Purpose: code that reads a parameter names it, instead of counting it out.
// The generated schema_params.hpp has one namespace per event with one constant
// per parameter: its index, and in the template argument the C++ type of its
// value.
//
// Contract: a Field says where a parameter is and what it reads as, not that it
// is there: old files hold fewer parameters, so whoever reads checks the count.
// Value types: integers of the type's size and signedness (fd, pid, errno:
// int64_t; uid, gid, mode: uint32_t), double, std::string_view for charbuf,
// fspath and fsrelpath, bytes for everything else.
//
// Example (`get` is the reader's template <class T> T get(Field<T>) const):
//   #include "schema_params.hpp"
//   namespace openat = schema::param::openat_2_exit;
//   int64_t fd = event.get(openat::fd);
//   std::string_view name = event.get(openat::name);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gyr::schema {

template <class T>
struct Field {
  using value_type = T;
  uint8_t index;
};

}  // namespace gyr::schema
