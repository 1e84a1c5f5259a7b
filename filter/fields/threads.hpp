// The threads around that of an event: its main thread, its ancestors, the leaders of its groups.
//
// Contract: nullptr where the state has no such thread. Walks end, also where damaged records form
// a loop.
//
// Example:
//   AncestorWalk walk(main_thread(site), lineage(site));
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

/// Who the parent of a thread is: the process that made the thread's own, or has adopted it, which
/// is that process's main thread.
///
/// For sysdig 0.29 it is the thread that called fork or clone, also of a thread. It does not know
/// that orphans are adopted: theirs is what has the number of the one that left them now, a process
/// that ended as long as threads of it live, mostly nothing.
struct Lineage {
  const State& state;
  bool as_0_29 = false;

  const Thread* parent(const Thread& of) const {
    if (as_0_29) {
      const int64_t made_by = of.made_by != -1 ? of.made_by : of.left_by;
      return made_by == -1 ? of.parent : state.threads.find(made_by);
    }
    if (of.parent == nullptr) return nullptr;
    const Thread* main = main_thread(*of.parent, state);
    return main != nullptr ? main : of.parent;
  }
};

inline Lineage lineage(const Site& site) {
  return {site.state, site.settings.render.dialect == Dialect::sysdig_0_29};
}

inline const Thread* parent(const Site& site) {
  const Thread* thread = site.thread();
  return thread != nullptr ? lineage(site).parent(*thread) : nullptr;
}

/// Parent, its parent, and so on.
class AncestorWalk {
 public:
  AncestorWalk(const Thread* from, Lineage lineage) : at_(from), lineage_(lineage), seen_(from) {}

  /// nullptr: that was the last one.
  const Thread* next() {
    if (at_ == nullptr) return nullptr;
    at_ = lineage_.parent(*at_);
    if (at_ == seen_) return at_ = nullptr;  // a loop
    if (++steps_ == next_seen_) {
      seen_ = at_;
      next_seen_ *= 2;
    }
    return at_;
  }

 private:
  const Thread* at_;
  Lineage lineage_;
  // The place to which a loop comes back: moved on now and then, for loops that begin later.
  const Thread* seen_;
  uint64_t steps_ = 0, next_seen_ = 2;
};

/// 0 = the thread itself, 1 = its parent, ...
const Thread* ancestor(const Thread* thread, uint64_t generation, Lineage lineage);

/// What the leader of a session or process group is found by.
struct Leadership {
  int64_t Thread::*id;
  bool is_virtual;  // a number of the thread's pid namespace
};
inline constexpr Leadership session{&Thread::sid, true};
inline constexpr Leadership process_group{&Thread::pgid, false};
inline constexpr Leadership virtual_process_group{&Thread::vpgid, true};

/// The eldest of the ancestors of a thread that are one after the other in its group; nullptr when
/// its parent is in another.
const Thread* eldest_in_group(const Thread& thread, const Leadership& group, const State& state);

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
