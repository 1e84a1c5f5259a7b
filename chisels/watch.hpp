// An end for chisels that do not come to one.
//
// Purpose: Lua code that runs as compiled machine code cannot be stopped from outside, and a signal
// only asks a run to end.
//
// Contract: while a Watch lives its chisel is running. `interrupt_chisel`, which a signal handler
// may call, leaves the call that is running `patience_s` seconds to come back, or until it is
// called once more; then the program ends with a message and status 1.
//
// Example:
//   const Watch watch(name);
//   lua_pcall(...);
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace gyr::chisels {

inline constexpr unsigned patience_s = 2;

class Watch {
 public:
  explicit Watch(const std::string& name) {
    running.store(&name, std::memory_order_relaxed);
    serial.store(serial.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { running.store(nullptr, std::memory_order_relaxed); }

  static inline std::atomic<const std::string*> running = nullptr;
  static inline std::atomic<uint64_t> serial = 0;
};

void interrupt_chisel();

}  // namespace gyr::chisels
