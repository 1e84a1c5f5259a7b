// Changes itself and looks into a child: names, limits, ids, capabilities, ptrace. Each call once,
// in this order. Exits with 0, or with the line of what failed.
#define _GNU_SOURCE
#include <linux/capability.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(what) \
  if (!(what)) _exit(__LINE__ & 0x7f)

static long peeked = 0x1122334455667788;

static void trace_child(void) {
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    _exit(0);
  }
  int status;
  long word = 0;
  CHECK(waitpid(child, &status, 0) == child && WIFSTOPPED(status));
  CHECK(syscall(SYS_ptrace, PTRACE_PEEKDATA, child, &peeked, &word) == 0 && word == peeked);
  CHECK(syscall(SYS_ptrace, PTRACE_POKEDATA, child, &peeked, 7) == 0);
  CHECK(syscall(SYS_ptrace, PTRACE_PEEKDATA, child, 8, &word) == -1);
  CHECK(syscall(SYS_ptrace, PTRACE_CONT, child, 0, SIGCONT) == 0);
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
}

int main(void) {
  char name[16];
  int reaper = 0;
  CHECK(syscall(SYS_prctl, PR_SET_NAME, "renamed") == 0);
  CHECK(syscall(SYS_prctl, PR_GET_NAME, name) == 0);
  CHECK(syscall(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1) == 0);
  CHECK(syscall(SYS_prctl, PR_GET_CHILD_SUBREAPER, &reaper) == 0 && reaper == 1);
  CHECK(syscall(SYS_prctl, PR_GET_DUMPABLE) >= 0);

  struct rlimit limit;
  CHECK(syscall(SYS_getrlimit, RLIMIT_CORE, &limit) == 0);
  limit.rlim_cur = 0;
  CHECK(syscall(SYS_setrlimit, RLIMIT_CORE, &limit) == 0);
  const struct rlimit files = {100, 200};
  CHECK(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, &limit) == 0);
  CHECK(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &files, &limit) == 0);
  CHECK(syscall(SYS_getrlimit, 99, &limit) == -1);

  uint32_t a, b, c;
  CHECK(syscall(SYS_getresuid, &a, &b, &c) == 0);
  CHECK(syscall(SYS_getresgid, &a, &b, &c) == 0);

  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2];
  CHECK(syscall(SYS_capget, &header, sets) == 0);
  CHECK(syscall(SYS_capset, &header, sets) == 0);

  trace_child();
  return 0;
}
