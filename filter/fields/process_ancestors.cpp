// Where a process comes from: its parent, those before, the shell that its user logged in to.
//
// With a number in brackets a field is about that ancestor: [0] the process itself, [1] its parent.
// Without one a comparison tries all ancestors.
#include "filter/fields/process.hpp"
#include "filter/fields/threads.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

// What of a thread is asked: a value, or a text to append.
struct Pid {
  static Value value(const Thread& thread) {
    return {static_cast<uint64_t>(thread.is_placeholder() ? thread.tid : thread.pid), {}};
  }
};
struct Comm {
  static Value value(const Thread& thread) { return {0, thread.comm}; }
};
struct Exe {
  static Value value(const Thread& thread) { return {0, thread.exe.view()}; }
};
struct Exepath {
  static Value value(const Thread& thread) { return {0, thread.exepath.view()}; }
};
struct CommandLine {
  static void append(Text& to, const Thread& thread) { append_command_line(to, thread); }
};
struct Arguments {
  static void append(Text& to, const Thread& thread) { append_words(to, thread.args.view()); }
};
struct Environment {
  static void append(Text& to, const Thread& thread) { append_words(to, environment(thread)); }
};

template <class What>
concept Composed = requires(Text& text, const Thread& thread) {
  What::append(text, thread);
};

template <class What>
bool give(const Thread* thread, Extraction& out) {
  if (thread == nullptr) return false;
  if constexpr (Composed<What>) {
    What::append(out.compose(), *thread);
  } else {
    out.add(What::value(*thread));
  }
  return true;
}

template <class What>
bool give_all(const Site& site, const Thread* main, Extraction& out) {
  AncestorWalk walk(main, lineage(site));
  while (const Thread* thread = walk.next()) {
    if constexpr (Composed<What>) {
      const size_t begin = out.buffer().size();
      What::append(out.buffer(), *thread);
      out.add_composed(begin);
    } else {
      out.add(What::value(*thread));
    }
  }
  return out.size() != 0;
}

/// The parent; in sysdig 0.29 that of a thread whose maker is not known is its main thread.
template <class What>
bool of_maker(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  const bool is_lost =
      lineage(site).as_0_29 && !thread->is_main() && thread->made_by == -1 && thread->clone_ts != 0;
  return give<What>(is_lost ? main_thread(site) : parent(site), out);
}

template <class What>
bool of_parent(const Site& site, Extraction& out) {
  return give<What>(parent(site), out);
}

template <class What>
bool of_ancestor(const Site& site, Extraction& out) {
  const Thread* main = main_thread(site);
  if (main == nullptr) return false;
  if (!site.argument.index) return give_all<What>(site, main, out);
  return give<What>(ancestor(main, *site.argument.index, lineage(site)), out);
}

/// In output, without a number: the process itself.
template <class What>
bool print_of_ancestor(const Site& site, Extraction& out) {
  const uint64_t generation = site.argument.index.value_or(0);
  return give<What>(ancestor(main_thread(site), generation, lineage(site)), out);
}

/// Without a number: all of them in one text.
template <class What>
bool joined_of_ancestors(const Site& site, Extraction& out) {
  if (site.argument.index) return of_ancestor<What>(site, out);
  AncestorWalk walk(main_thread(site), lineage(site));
  const Thread* thread = walk.next();
  if (thread == nullptr) return false;
  Text& text = out.compose();
  for (bool first = true; thread != nullptr; first = false, thread = walk.next()) {
    if (!first) text.append(' ');
    if constexpr (Composed<What>)
      What::append(text, *thread);
    else
      text.append(What::value(*thread).text);
  }
  return true;
}

/// All of them in one text; in sysdig 0.29, without a number, the process itself.
bool print_names(const Site& site, Extraction& out) {
  return lineage(site).as_0_29 ? print_of_ancestor<Comm>(site, out)
                               : joined_of_ancestors<Comm>(site, out);
}

/// A variable's value in the nearest ancestor that has one.
bool inherited_variable(const Site& site, Extraction& out) {
  constexpr int max_generations = 20;
  AncestorWalk walk(main_thread(site), lineage(site));
  for (int i = 0; i < max_generations; ++i) {
    const Thread* thread = walk.next();
    if (thread == nullptr) break;
    const std::string_view value = variable(environment(*thread), site.argument.text);
    if (!value.empty()) return out.set_text(value);
  }
  return out.set_text({});
}

bool aenv(const Site& site, Extraction& out) {
  if (main_thread(site) == nullptr) return false;
  const bool named = site.argument.given && !site.argument.index;
  return named ? inherited_variable(site, out) : of_ancestor<Environment>(site, out);
}

bool print_aenv(const Site& site, Extraction& out) {
  return site.argument.given ? aenv(site, out) : give<Environment>(main_thread(site), out);
}

/// Also of one that is not known itself.
bool ppid(const Site& site, Extraction& out) {
  const Thread* main = main_thread(site);
  if (main == nullptr) return false;
  if (lineage(site).as_0_29)
    return out.set_signed(main->left_by != -1 ? main->left_by : main->ptid);
  if (const Thread* known = parent(site); known != nullptr && known->pid > 0)
    return out.set_signed(known->pid);
  return main->ptid > 0 && out.set_signed(main->ptid);
}

bool pvpid(const Site& site, Extraction& out) {
  const Thread* of = parent(site);
  return of != nullptr && out.set_signed(of->vpid);
}

bool loginshellid(const Site& site, Extraction& out) {
  const Thread* shell = nullptr;
  const Thread* thread = main_thread(site);
  AncestorWalk walk(thread, lineage(site));
  for (; thread != nullptr; thread = walk.next())
    if (std::string_view(thread->comm).ends_with("sh")) shell = thread;
  return give<Pid>(shell, out);
}

constexpr uint32_t ancestor_flags =
    arg_allowed | arg_is_index | candidates | no_rhs | no_transformer;

constexpr Field fields[] = {
    {.name = "proc.ppid",
     .type = ParamType::int64,
     .depends = Depends::tree,
     .extract = ppid,
     .doc = "Process id of the parent."},
    {.name = "proc.pname",
     .depends = Depends::tree,
     .extract = of_maker<Comm>,
     .doc = "Name of the parent."},
    {.name = "proc.pexe",
     .depends = Depends::tree,
     .extract = of_parent<Exe>,
     .doc = "First word of the parent's command line."},
    {.name = "proc.pexepath",
     .depends = Depends::tree,
     .extract = of_parent<Exepath>,
     .doc = "Path of the parent's program."},
    {.name = "proc.pcmdline",
     .depends = Depends::tree,
     .extract = of_maker<CommandLine>,
     .doc = "Name and arguments of the parent."},
    {.name = "proc.pvpid",
     .type = ParamType::int64,
     .depends = Depends::tree,
     .extract = pvpid,
     .doc = "Process id of the parent in the parent's own pid namespace."},
    {.name = "proc.apid",
     .type = ParamType::int64,
     .flags = ancestor_flags,
     .depends = Depends::tree,
     .extract = of_ancestor<Pid>,
     .print = print_of_ancestor<Pid>,
     .doc = "Process id of an ancestor: proc.apid[1] is the parent's, proc.apid[2] its parent's. "
            "Without a number a comparison holds if it does for any of the ancestors."},
    {.name = "proc.aname",
     .flags = ancestor_flags,
     .depends = Depends::tree,
     .extract = of_ancestor<Comm>,
     .print = print_names,
     .doc = "Name of an ancestor: proc.aname[1] is the parent's. Without a number a comparison "
            "holds if it does for any of the ancestors."},
    {.name = "proc.aexe",
     .flags = ancestor_flags,
     .depends = Depends::tree,
     .extract = of_ancestor<Exe>,
     .print = joined_of_ancestors<Exe>,
     .doc = "First word of the command line of an ancestor; without a number, of any of them."},
    {.name = "proc.aexepath",
     .flags = ancestor_flags,
     .depends = Depends::tree,
     .extract = of_ancestor<Exepath>,
     .print = joined_of_ancestors<Exepath>,
     .doc = "Path of the program of an ancestor; without a number, of any of them."},
    {.name = "proc.acmdline",
     .flags = ancestor_flags,
     .depends = Depends::tree,
     .extract = of_ancestor<CommandLine>,
     .print = joined_of_ancestors<CommandLine>,
     .doc = "Name and arguments of an ancestor; without a number, of any of them."},
    {.name = "proc.aargs",
     .flags = arg_allowed | arg_is_index,
     .depends = Depends::tree,
     .extract = joined_of_ancestors<Arguments>,
     .doc = "Arguments of an ancestor; without a number, those of all of them in one text."},
    {.name = "proc.aenv",
     .flags = arg_allowed | candidates | no_rhs | no_transformer,
     .depends = Depends::tree,
     .extract = aenv,
     .print = print_aenv,
     .doc = "Environment of an ancestor; without a number, of any of them. proc.aenv[NAME] is the "
            "value of that variable in the nearest ancestor that has it."},
    {.name = "proc.loginshellid",
     .type = ParamType::int64,
     .depends = Depends::tree,
     .extract = loginshellid,
     .doc = "Process id of the eldest shell (a name that ends in sh) among the process and its "
            "ancestors: the same for all that a user does in one login."},
};

}  // namespace

std::span<const Field> process_ancestor_fields() { return fields; }

}  // namespace gyr::filter
