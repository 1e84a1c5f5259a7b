// Processes in every way that they start and end: always the same calls in the same order in each
// of them, exit status 0.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int ended(pid_t child, int status) {
  int found = -1;
  return child > 0 && waitpid(child, &found, 0) == child && found == status;
}

static int forks(void) {
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_NAME, "a child");
    _exit(7);
  }
  int ok = ended(child, 7 << 8);
  child = vfork();
  if (child == 0) _exit(3);
  ok &= ended(child, 3 << 8);
  struct clone_args how = {.exit_signal = SIGCHLD, .flags = CLONE_FILES | CLONE_FS};
  child = syscall(SYS_clone3, &how, sizeof(how));
  if (child == 0) _exit(close(open("/dev/null", O_RDONLY)));
  ok &= ended(child, 0);
  how.flags = CLONE_THREAD;  // not without CLONE_VM
  ok &= syscall(SYS_clone3, &how, sizeof(how)) == -1;
  return ok;
}

static int executes(void) {
  char* const arguments[] = {"sh", "-c", "exit $A_NUMBER", 0};
  char* const environment[] = {"A_NUMBER=5", "OTHER=", 0};
  pid_t child = -1;
  int ok = posix_spawn(&child, "/bin/sh", 0, 0, arguments, environment) == 0;
  ok &= ended(child, 5 << 8);
  ok &= posix_spawn(&child, "/no/such/program", 0, 0, arguments, environment) != 0;
  ok &= execve("/dev/null", arguments, environment) == -1;  // EACCES
  ok &= execveat(AT_FDCWD, "no-such-program", arguments, environment, 0) == -1;
  ok &= execve((char*)8, arguments, environment) == -1;  // EFAULT
  child = fork();
  if (child == 0) {
    const int file = open("/bin/true", O_PATH);
    execveat(file, "", arguments, environment, AT_EMPTY_PATH);
    _exit(1);
  }
  ok &= ended(child, 0);
  return ok;
}

static int killed(void) {
  const struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  pid_t child = fork();
  if (child == 0) {
    kill(getpid(), SIGTERM);
    _exit(0);
  }
  int ok = ended(child, SIGTERM);
  child = fork();
  if (child == 0) {
    *(volatile int*)8 = 1;
    _exit(0);
  }
  return ok & ended(child, SIGSEGV);
}

/// A process whose parent ends before it.
static int orphan(void) {
  int alive[2], ready[2];
  char byte;
  if (pipe(alive) != 0 || pipe(ready) != 0) return 0;
  pid_t child = fork();
  if (child == 0) {
    if (fork() != 0) {
      read(ready[0], &byte, 1);
      _exit(0);
    }
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, 0);
    prctl(PR_SET_PDEATHSIG, SIGUSR1);
    write(ready[1], "!", 1);
    sigwaitinfo(&set, 0);  // of its parent's end
    close(open("/dev/null", O_RDONLY));
    _exit(9);
  }
  close(alive[1]);
  int ok = ended(child, 0);
  ok &= read(alive[0], &byte, 1) == 0;  // until the orphan has ended
  return ok;
}

static int groups(void) {
  pid_t child = fork();
  if (child == 0) {
    int ok = setpgid(0, 0) == 0;
    ok &= setsid() == -1;  // EPERM: leads a group already
    ok &= setuid(0) == 0 && setgid(0) == 0;
    ok &= setresuid(-1, 0, -1) == 0 && setresgid(0, -1, 0) == 0;
    ok &= setreuid(0, 0) == 0 && setregid(0, 0) == 0;
    ok &= unshare(CLONE_FS) == 0;
    ok &= setns(-1, CLONE_NEWNET) == -1;
    _exit(!ok);
  }
  int ok = ended(child, 0);
  child = fork();
  if (child == 0) _exit(setsid() != getpid());
  return ok & ended(child, 0);
}

int main(void) {
  const int ok = forks() && executes() && killed() && orphan() && groups();
  return ok ? 0 : 1;
}
