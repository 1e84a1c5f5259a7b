#include "filter/thread_gate.hpp"

#include <doctest/doctest.h>

#include "decoder/state.hpp"
#include "filter/filter.hpp"

using namespace gyr;
using namespace gyr::filter;

TEST_CASE("a thread is closed until it changes, and so is nobody who comes after it") {
  State state;
  Thread& one = state.threads.create(1);
  Thread& two = state.threads.create(2);
  ThreadGate gate;
  CHECK_FALSE(gate.is_closed(one));
  gate.close(two);
  CHECK_FALSE(gate.is_closed(one));
  CHECK(gate.is_closed(two));
  state.threads.touch(two);
  CHECK_FALSE(gate.is_closed(two));
  gate.close(one);
  const uint32_t slot = one.slot;
  state.threads.erase(one);
  const Thread& three = state.threads.create(3);
  CHECK(three.slot == slot);
  CHECK_FALSE(gate.is_closed(three));
}

TEST_CASE("which filters can be decided by the thread alone") {
  const auto looks_at_thread = [](const char* text) {
    auto filter = Filter::compile(text);
    if (!filter) FAIL(text << ": " << filter.error().message);
    return filter->looks_at_thread();
  };
  CHECK(looks_at_thread("proc.name=cc1"));
  CHECK(looks_at_thread("evt.type=read and not proc.name in (a, b)"));
  CHECK(looks_at_thread("(proc.name=a or proc.pid=5) and fd.num>2"));
  CHECK_FALSE(looks_at_thread("proc.name=cc1 or evt.type=read"));
  CHECK_FALSE(looks_at_thread("evt.type=read and fd.num=3"));
  CHECK_FALSE(looks_at_thread("proc.aname=cc1"));  // anybody's change can change it
}
