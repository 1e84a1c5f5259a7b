#include "chisels/watch.hpp"

#include <unistd.h>

#include <csignal>

namespace gyr::chisels {

namespace {

std::atomic<uint64_t> asked_to_end = 0;  // the serial of the call; 0: none

void say(std::string_view text) {
  [[maybe_unused]] const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
}

/// A signal handler: nothing but write and _exit. The name is that of a Chisel, which is running.
void end_if_running(int) {
  const std::string* name = Watch::running;
  if (name == nullptr || Watch::serial != asked_to_end) return;
  say("gyr: chisel ");
  say(*name);
  say(" does not come to an end: interrupted\n");
  ::_exit(1);
}

}  // namespace

void interrupt_chisel() {
  if (Watch::running == nullptr) return;
  if (Watch::serial == asked_to_end) end_if_running(0);
  asked_to_end = Watch::serial.load();
  struct sigaction action {};
  action.sa_handler = end_if_running;
  sigaction(SIGALRM, &action, nullptr);
  ::alarm(patience_s);
}

}  // namespace gyr::chisels
