// The threads around that of an event: its main thread, its ancestors, the leaders of its groups.
//
// Contract: nullptr where the state has no such thread. Parents are the threads that made a
// process, as in sysdig 0.29: of a program with named threads the one that called fork, not its
// main thread. Walks end, also where damaged records form a loop.
//
// Example:
//   AncestorWalk walk(main_thread(thread, state));
//   while (const Thread* ancestor = walk.next()) use(ancestor->comm);
#pragma once

#include <string_view>

#include "base/text.hpp"
#include "filter/fields/field.hpp"

namespace gyr::filter {

/// Itself, if it is one. So are placeholders: most programs have one thread.
const Thread* main_thread(const Thread& thread, const State& state);
inline const Thread* main_thread(const Site& site) {
  const Thread* thread = site.thread();
  return thread != nullptr ? main_thread(*thread, site.state) : nullptr;
}

/// The state, if parents are to be those of sysdig 0.29, else null. It does not know that orphans
/// are adopted: their parent is what has its number now, the process that ended as long as threads
/// of it live, mostly nothing. And the parent of a thread is the thread that made it.
inline const State* if_0_29(const Site& site) {
  return site.settings.render.dialect == Dialect::sysdig_0_29 ? &site.state : nullptr;
}
inline const Thread* parent(const Thread& thread, const State* old) {
  if (old == nullptr) return thread.parent;
  const int64_t made_by = thread.made_by != -1 ? thread.made_by : thread.left_by;
  return made_by == -1 ? thread.parent : old->threads.find(made_by);
}

/// The thread that made the process of `thread`, or has adopted it.
inline const Thread* parent(const Site& site) {
  const Thread* thread = site.thread();
  return thread != nullptr ? parent(*thread, if_0_29(site)) : nullptr;
}

/// Parent, its parent, and so on. `old`: what `if_0_29` gives.
class AncestorWalk {
 public:
  explicit AncestorWalk(const Thread* from, const State* old = nullptr)
      : at_(from), old_(old), seen_(from) {}

  /// nullptr: that was the last one.
  const Thread* next() {
    if (at_ == nullptr) return nullptr;
    at_ = parent(*at_, old_);
    if (at_ == seen_) return at_ = nullptr;  // a loop
    if (++steps_ == next_seen_) {
      seen_ = at_;
      next_seen_ *= 2;
    }
    return at_;
  }

 private:
  const Thread* at_;
  const State* old_;
  // The place to which a loop comes back: moved on now and then, for loops that begin later.
  const Thread* seen_;
  uint64_t steps_ = 0, next_seen_ = 2;
};

/// 0 = the thread itself, 1 = its parent, ...
const Thread* ancestor(const Thread* thread, uint64_t generation, const State* old = nullptr);

/// What the leader of a session or process group is found by.
struct Leadership {
  int64_t Thread::*id;
  bool is_virtual;  // a number of the thread's pid namespace
};
inline constexpr Leadership session{&Thread::sid, true};
inline constexpr Leadership process_group{&Thread::pgid, false};
inline constexpr Leadership virtual_process_group{&Thread::vpgid, true};

/// The eldest of the ancestors of `main` that are one after the other in the same group as
/// `thread`; nullptr when its parent is in another.
const Thread* eldest_in_group(const Thread& thread, const Leadership& group, const Thread* main);

/// The process whose id the group has; where that is not known, the eldest.
const Thread* leader(const Thread& thread, const Leadership& group, const State& state);

// ---- texts ----

/// NUL-terminated strings back to back: arguments, environments, control groups.
class Words {
 public:
  explicit Words(std::string_view blob) : left_(blob) {}
  /// False: there is no further one.
  bool next(std::string_view& word) {
    if (left_.empty()) return false;
    word = left_.substr(0, left_.find('\0'));
    left_.remove_prefix(word.size() < left_.size() ? word.size() + 1 : word.size());
    return true;
  }

 private:
  std::string_view left_;
};

/// "a b c"
void append_words(Text& to, std::string_view blob);
/// "comm a b c"
void append_command_line(Text& to, const Thread& thread);
/// The value of a variable without blanks around it; empty when there is none.
std::string_view variable(std::string_view environment, std::string_view name);

inline std::string_view environment(const Thread& thread) {
  return thread.process ? thread.process->env.view() : std::string_view();
}

// ---- extractors by member ----

/// Of the event's thread.
template <auto member>
bool number_of_thread(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && out.set_number(static_cast<uint64_t>(thread->*member));
}

/// The same; NULL when it is 0, which is unknown.
template <auto member>
bool known_number_of_thread(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && thread->*member != 0 &&
         out.set_number(static_cast<uint64_t>(thread->*member));
}

/// An id; NULL when it is -1, which is unknown.
template <auto member>
bool known_id_of_thread(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && thread->*member != -1 && out.set_signed(thread->*member);
}

template <auto member>
bool text_of_thread(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && out.set_text((thread->*member).view());
}

}  // namespace gyr::filter
