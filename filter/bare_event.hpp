// An event that is nothing but a type and, if it is the generic one, a system call.
//
// Purpose: to find out what a condition says of a type of events before there are any.
//
// Contract: the RawEvent points into the BareEvent. Every other type has no parameters.
//
// Example:
//   const BareEvent sysinfo(schema::type::generic_exit, code);
//   const Event event(sysinfo.raw());
#pragma once

#include "capture/raw_event.hpp"
#include "schema/schema.hpp"

namespace gyr::filter {

inline bool is_generic(uint16_t id) { return id <= schema::type::generic_exit; }

class BareEvent {
 public:
  explicit BareEvent(uint16_t type, uint16_t call = 0, uint64_t ts = 0) : call_(call) {
    raw_.ts = ts;
    raw_.type = type;
    raw_.lengths = reinterpret_cast<const std::byte*>(&length_);
    raw_.data = reinterpret_cast<const std::byte*>(&call_);
    raw_.nparams = is_generic(type) ? 1 : 0;
    raw_.data_size = is_generic(type) ? sizeof call_ : 0;
  }
  BareEvent(const BareEvent&) = delete;
  BareEvent& operator=(const BareEvent&) = delete;

  const RawEvent& raw() const { return raw_; }

 private:
  uint16_t length_ = sizeof(uint16_t);
  uint16_t call_;
  RawEvent raw_;
};

}  // namespace gyr::filter
