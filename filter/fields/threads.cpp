#include "filter/fields/threads.hpp"

namespace gyr::filter {

const Thread* main_thread(const Thread& thread, const State& state) {
  if (thread.is_main() || thread.is_placeholder()) return &thread;
  const Thread* main = state.threads.find(thread.pid);
  return main != nullptr && !main->is_placeholder() ? main : nullptr;
}

const Thread* ancestor(const Thread* thread, uint64_t generation, Lineage lineage) {
  AncestorWalk walk(thread, lineage);
  while (thread != nullptr && generation-- != 0) thread = walk.next();
  return thread;
}

const Thread* eldest_in_group(const Thread& thread, const Leadership& group, const State& state) {
  const int64_t id = thread.*group.id;
  const Thread* eldest = nullptr;
  AncestorWalk walk(main_thread(thread, state), {state});
  for (const Thread* at = walk.next(); at != nullptr && at->*group.id == id; at = walk.next())
    eldest = at;
  return eldest;
}

const Thread* leader(const Thread& thread, const Leadership& group, const State& state) {
  const int64_t id = thread.*group.id;
  if (id == -1) return nullptr;
  if (!group.is_virtual || !thread.in_pid_namespace()) {
    const Thread* found = state.threads.find(id);
    if (found != nullptr && !found->is_placeholder()) return found;
  }
  return eldest_in_group(thread, group, state);
}

void append_words(Text& to, std::string_view blob) {
  Words words(blob);
  std::string_view word;
  for (bool first = true; words.next(word); first = false) {
    if (!first) to.append(' ');
    to.append(word);
  }
}

void append_command_line(Text& to, const Thread& thread) {
  to.append(thread.comm);
  Words words(thread.args.view());
  std::string_view word;
  while (words.next(word)) to.append(' ').append(word);
}

std::string_view variable(std::string_view environment, std::string_view name) {
  Words words(environment);
  std::string_view word;
  while (words.next(word)) {
    if (!word.starts_with(name) || word.size() == name.size() || word[name.size()] != '=') continue;
    std::string_view value = word.substr(name.size() + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    return value;
  }
  return {};
}

}  // namespace gyr::filter
