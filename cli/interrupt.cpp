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

struct Handled {
  int signal;
  void (*handler)(int);
  struct sigaction before;  // as the caller had it
};

Handled handled[] = {{SIGINT, on_interrupt, {}},
                     {SIGTERM, on_interrupt, {}},
                     {SIGPIPE, SIG_IGN, {}},
                     {SIGXFSZ, SIG_IGN, {}}};
bool are_caught = false;

}  // namespace

void catch_interrupts() {
  for (Handled& each : handled) {
    struct sigaction action {};
    action.sa_handler = each.handler;
    sigaction(each.signal, &action, are_caught ? nullptr : &each.before);
  }
  are_caught = true;
}

void release_interrupts() {
  if (!are_caught) return;
  for (const Handled& each : handled) sigaction(each.signal, &each.before, nullptr);
}

bool interrupted() { return signalled; }

WaitingFor::WaitingFor(const InputFile& input) { waiting_input = &input; }
WaitingFor::~WaitingFor() { waiting_input = nullptr; }

}  // namespace gyr
