// Numbers that a field keeps per thread or per CPU, in the Memory of its place.
//
// Purpose: what is new since the last look at the same thread (its CPU time), and sums.
//
// Contract: gives pointers to `count` numbers, valid until the next call; zeroes at first and when
// another thread has got the tid. At `max_slots` all is forgotten, so that a trace cannot make it
// grow for ever. It allocates while it grows.
//
// Example:
//   uint64_t* sum = KeyedMemory<1>(site.memory).of_thread(*thread);
#pragma once

#include <algorithm>
#include <utility>

#include "filter/fields/field.hpp"

namespace gyr::filter {

template <size_t count>
class KeyedMemory {
 public:
  static constexpr size_t max_slots = 1u << 16;

  explicit KeyedMemory(Memory& memory) : memory_(memory) {
    if (memory_.empty()) memory_.assign(header + slot_size * 16, 0);
  }

  uint64_t* of_thread(const Thread& thread) {
    return of(static_cast<uint64_t>(thread.tid) * 2 + 1, thread.clone_ts);
  }
  uint64_t* of_cpu(uint16_t cpu) { return of(uint64_t{cpu} * 2 + 2, 0); }

 private:
  // The first number of the memory counts the slots in use; a slot is key, generation, numbers. The
  // key of an empty one is 0.
  static constexpr size_t header = 1, key_at = 0, generation_at = 1, numbers_at = 2;
  static constexpr size_t slot_size = numbers_at + count;

  uint64_t* of(uint64_t key, uint64_t generation) {
    if (memory_[0] * 2 >= slots()) grow();
    uint64_t* slot = find(key);
    if (slot[key_at] == 0) ++memory_[0];
    if (slot[key_at] == 0 || slot[generation_at] != generation) {
      std::fill_n(slot, slot_size, 0);
      slot[key_at] = key;
      slot[generation_at] = generation;
    }
    return slot + numbers_at;
  }

  size_t slots() const { return (memory_.size() - header) / slot_size; }

  uint64_t* find(uint64_t key) {
    const size_t mask = slots() - 1;
    for (size_t at = (key * 0x9E3779B97F4A7C15u >> 32) & mask;; at = (at + 1) & mask) {
      uint64_t* slot = &memory_[header + slot_size * at];
      if (slot[key_at] == 0 || slot[key_at] == key) return slot;
    }
  }

  void grow() {
    const Memory old = std::move(memory_);
    const size_t old_slots = (old.size() - header) / slot_size;
    const bool forget = old[0] >= max_slots;
    memory_.assign(header + slot_size * old_slots * (forget ? 1 : 2), 0);
    if (forget) return;
    memory_[0] = old[0];
    for (size_t i = 0; i < old_slots; ++i) {
      const uint64_t* slot = &old[header + slot_size * i];
      if (slot[key_at] != 0) std::copy_n(slot, slot_size, find(slot[key_at]));
    }
  }

  Memory& memory_;
};

}  // namespace gyr::filter
