// What a process runs: names, arguments, environment, the file of its program.
#include "filter/fields/process.hpp"
#include "filter/fields/threads.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

bool name(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && out.set_text(thread->comm);
}

/// One of the arguments, or all.
bool args(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  const std::string_view blob = thread->args.view();
  if (!site.argument.index) {
    append_words(out.compose(), blob);
    return true;
  }
  Words words(blob);
  std::string_view word;
  uint64_t left = *site.argument.index;
  while (words.next(word))
    if (left-- == 0) return out.set_text(word);
  return out.set_text({});
}

bool cmdline(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  append_command_line(out.compose(), *thread);
  return true;
}

bool exeline(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  Text& text = out.compose();
  text.append(thread->exe.view()).append(' ');
  append_words(text, thread->args.view());
  return true;
}

bool cmdnargs(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  Words words(thread->args.view());
  std::string_view word;
  uint64_t count = 0;
  while (words.next(word)) ++count;
  return out.set_number(count);
}

bool cmdlenargs(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  Words words(thread->args.view());
  std::string_view word;
  uint64_t length = 0;
  while (words.next(word)) length += word.size();
  return out.set_number(length);
}

bool env(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  if (site.argument.given) return out.set_text(variable(environment(*thread), site.argument.text));
  append_words(out.compose(), environment(*thread));
  return true;
}

/// "./" without a main thread, empty where it is only the directory that is not known.
bool cwd(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  if (main_thread(site) == nullptr) return out.set_text(thread->cwd());
  return out.set_text(thread->process ? thread->process->cwd.view() : std::string_view());
}

bool ctime_to_proc_start(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr || thread->exe_ino_ctime == 0 || thread->clone_ts <= thread->exe_ino_ctime)
    return false;
  return out.set_number(thread->clone_ts - thread->exe_ino_ctime);
}

bool pidns_start_to_ctime(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr || thread->pidns_init_start_ts == 0 ||
      thread->exe_ino_ctime <= thread->pidns_init_start_ts)
    return false;
  return out.set_number(thread->exe_ino_ctime - thread->pidns_init_start_ts);
}

constexpr Field fields[] = {
    {.name = "proc.name",
     .flags = of_program,
     .depends = Depends::thread,
     .extract = name,
     .doc = "Name of the program, without its path, as the kernel has it (15 characters at most)."},
    {.name = "proc.exe",
     .flags = of_program,
     .depends = Depends::thread,
     .extract = text_of_thread<&Thread::exe>,
     .doc = "First word of the command line, which programs may choose: mostly their own name."},
    {.name = "proc.exepath",
     .flags = of_program,
     .depends = Depends::thread,
     .extract = text_of_thread<&Thread::exepath>,
     .doc = "Full path of the program's file."},
    {.name = "proc.args",
     .flags = arg_allowed | arg_is_index | of_program,
     .depends = Depends::thread,
     .extract = args,
     .doc = "Arguments on the command line, without the first word. proc.args[0] is the first of "
            "them."},
    {.name = "proc.cmdline",
     .flags = of_program,
     .depends = Depends::thread,
     .extract = cmdline,
     .doc = "Name and arguments: proc.name and proc.args."},
    {.name = "proc.exeline",
     .flags = of_program,
     .depends = Depends::thread,
     .extract = exeline,
     .doc = "The whole command line: proc.exe and proc.args."},
    {.name = "proc.cmdnargs",
     .type = ParamType::uint64,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = cmdnargs,
     .doc = "Number of arguments."},
    {.name = "proc.cmdlenargs",
     .type = ParamType::uint64,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = cmdlenargs,
     .doc = "Characters in all arguments together, without the blanks between them."},
    {.name = "proc.env",
     .flags = arg_allowed | of_program,
     .depends = Depends::tree,
     .extract = env,
     .doc =
         "Environment when the program was started. proc.env[NAME] is the value of one variable, "
         "empty when it is not set."},
    {.name = "proc.cwd",
     .depends = Depends::tree,
     .extract = cwd,
     .doc = "Working directory, with a slash at its end."},
    {.name = "proc.is_exe_writable",
     .type = ParamType::boolean,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = number_of_thread<&Thread::exe_writable>,
     .doc = "Whether the user who started the program may write to its file."},
    {.name = "proc.is_exe_upper_layer",
     .type = ParamType::boolean,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = number_of_thread<&Thread::exe_upper_layer>,
     .doc = "Whether the program's file is in the upper layer of an overlay file system: in a "
            "container it was not in the image, or has been changed."},
    {.name = "proc.is_exe_lower_layer",
     .type = ParamType::boolean,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = number_of_thread<&Thread::exe_lower_layer>,
     .doc = "Whether the program's file is in the lower layer of an overlay file system."},
    {.name = "proc.is_exe_from_memfd",
     .type = ParamType::boolean,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = number_of_thread<&Thread::exe_from_memfd>,
     .doc = "Whether the program was started from memory (memfd), without a file."},
    {.name = "proc.exe_ino",
     .type = ParamType::int64,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = known_number_of_thread<&Thread::exe_ino>,
     .doc = "Inode of the program's file."},
    {.name = "proc.exe_ino.ctime",
     .type = ParamType::abstime,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = known_number_of_thread<&Thread::exe_ino_ctime>,
     .doc = "When the program's file was changed last, its owner and mode included."},
    {.name = "proc.exe_ino.mtime",
     .type = ParamType::abstime,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = known_number_of_thread<&Thread::exe_ino_mtime>,
     .doc = "When the content of the program's file was changed last."},
    {.name = "proc.exe_ino.ctime_duration_proc_start",
     .type = ParamType::abstime,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = ctime_to_proc_start,
     .doc = "Nanoseconds from the last change of the program's file to the start of the process."},
    {.name = "proc.exe_ino.ctime_duration_pidns_start",
     .type = ParamType::abstime,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = pidns_start_to_ctime,
     .doc =
         "Nanoseconds from the start of the pid namespace, which is about that of the container, "
         "to the last change of the program's file, if that came later."},
    {.name = "proc.pidns_init_start_ts",
     .type = ParamType::uint64,
     .flags = of_program,
     .depends = Depends::thread,
     .extract = known_number_of_thread<&Thread::pidns_init_start_ts>,
     .doc = "When the pid namespace of the process was started, in nanoseconds since 1970."},
};

}  // namespace

std::span<const Field> process_image_fields() { return fields; }

}  // namespace gyr::filter
