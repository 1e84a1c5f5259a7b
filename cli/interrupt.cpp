#include "cli/interrupt.hpp"

#include <atomic>
#include <csignal>

#include "chisels/watch.hpp"

namespace gyr {

namespace {

std::atomic<bool> signalled = false;
std::atomic<const InputFile*> waiting_input = nullptr;

void on_interrupt(int) {
  signalled = true;
  chisels::interrupt_chisel();
  if (const InputFile* input = waiting_input) input->cancel();
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

bool interrupted() { return signalled; }

WaitingFor::WaitingFor(const InputFile& input) { waiting_input = &input; }
WaitingFor::~WaitingFor() { waiting_input = nullptr; }

}  // namespace gyr
