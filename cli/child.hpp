// The command behind --: a child that waits for a sign before it becomes the command.
//
// Contract: `start` forks; the child does nothing until `release`. `release` says why the command
// could not be run, in which case the child has ended. `wait` gives what its exit means for the
// shell: the status, or 128 and the signal. Under sudo the command runs as the user who called it.
// An object that is dropped before `release` ends the child.
//
// Example:
//   auto child = Child::start({"ls", "/"}, "");
//   watch((*child)->pid());
//   if (auto released = (*child)->release(); !released) ...
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace gyr {

class Child {
 public:
  static Result<std::unique_ptr<Child>> start(const std::vector<std::string>& command,
                                              const std::string& user);
  Child(int pid, UniqueFd go, UniqueFd failure)
      : pid_(pid), go_(std::move(go)), failure_(std::move(failure)) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  int64_t pid() const { return pid_; }
  Result<void> release();
  int wait();

 private:
  int pid_;
  UniqueFd go_;
  UniqueFd failure_;
  bool waited_ = false;
};

}  // namespace gyr
