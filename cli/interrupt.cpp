#include "cli/interrupt.hpp"

#include <array>
#include <atomic>
#include <csignal>

#include "chisels/watch.hpp"

namespace gyr {

namespace {

std::atomic<bool> signalled = false;
std::atomic<const InputFile*> waiting_input = nullptr;

/// Those that are caught or ignored, and what the caller had set for them.
constexpr std::array signals = {SIGINT, SIGTERM, SIGPIPE, SIGXFSZ};
std::array<struct sigaction, signals.size()> before;
bool inherited = false;  // `before` is known

void on_interrupt(int) {
  signalled = true;
  chisels::interrupt_chisel();
  if (const InputFile* input = waiting_input) input->cancel();
}

}  // namespace

void catch_interrupts() {
  const auto handle = [](size_t which, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigaction(signals[which], &action, inherited ? nullptr : &before[which]);
  };
  handle(0, on_interrupt);
  handle(1, on_interrupt);
  handle(2, SIG_IGN);
  handle(3, SIG_IGN);
  inherited = true;
}

void release_interrupts() {
  for (size_t which = 0; inherited && which < signals.size(); ++which)
    sigaction(signals[which], &before[which], nullptr);
}

bool interrupted() { return signalled; }

WaitingFor::WaitingFor(const InputFile& input) { waiting_input = &input; }
WaitingFor::~WaitingFor() { waiting_input = nullptr; }

}  // namespace gyr
