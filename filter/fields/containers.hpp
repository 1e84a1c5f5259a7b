// The container of an event's thread: what its fields and those of Kubernetes pods are made from.
//
// Contract: the record is nullptr on the host, without a thread, and of a container that the trace
// says nothing about.
//
// Example:
//   if (const Container* record = container_record(site)) use(record->image);
#pragma once

#include "filter/fields/field.hpp"

namespace gyr::filter {

inline bool is_on_host(const Site& site) {
  return site.thread() != nullptr && site.thread()->container_id.empty();
}

/// What the trace says of the thread's container; nullptr when nothing.
inline const Container* container_record(const Site& site) {
  if (site.thread() == nullptr || site.thread()->container_id.empty()) return nullptr;
  return site.state.containers.find(site.thread()->container_id.view());
}

/// "name:value, name:value", without those that are for the runtime itself.
bool give_labels(const Container::Labels& labels, Extraction& out);

}  // namespace gyr::filter
