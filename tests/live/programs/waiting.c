// Limits, waiting, signals, clocks and what else has an event of its own: always the same calls in
// the same order, exit status 0.
#define _GNU_SOURCE
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static const struct timespec soon = {0, 2000000};

static int limits(void) {
  struct rlimit limit;
  const struct rlimit files = {256, 512};
  int ok = syscall(SYS_getrlimit, RLIMIT_NOFILE, &limit) == 0;
  ok &= syscall(SYS_getrlimit, RLIMIT_STACK, &limit) == 0;
  ok &= syscall(SYS_getrlimit, RLIMIT_AS, &limit) == 0;
  ok &= syscall(SYS_getrlimit, 99, &limit) == -1;
  ok &= syscall(SYS_setrlimit, RLIMIT_NOFILE, &files) == 0;
  ok &= syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &files, &limit) == 0;
  ok &= syscall(SYS_prlimit64, getpid(), RLIMIT_CORE, 0, &limit) == 0;
  ok &= syscall(SYS_prlimit64, 0, RLIMIT_CPU, 0, 0) == 0;
  return ok;
}

static int waits(int from, int to) {
  struct pollfd fds[] = {{from, POLLIN | POLLPRI, 0}, {to, POLLOUT, 0}, {-1, POLLIN, 0}};
  struct epoll_event event = {.events = EPOLLIN};
  struct timeval moment = {0, 1000};
  int ok = syscall(SYS_poll, fds, 3, 1000) == 1;
  ok &= syscall(SYS_poll, fds, 1, 0) == 0;
  ok &= syscall(SYS_poll, 0, 0, 1) == 0;
  ok &= ppoll(fds, 2, &soon, 0) == 1;
  ok &= syscall(SYS_select, 0, 0, 0, 0, &moment) == 0;
  const int set = syscall(SYS_epoll_create, 10), set1 = epoll_create1(EPOLL_CLOEXEC);
  ok &= epoll_ctl(set, EPOLL_CTL_ADD, from, &event) == 0;
  ok &= syscall(SYS_epoll_wait, set, &event, 5, 1) == 0;
  ok &= syscall(SYS_epoll_create, 0) == -1;
  ok &= syscall(SYS_epoll_create1, 5) == -1;
  ok &= close(set) == 0 && close(set1) == 0;
  ok &= syscall(SYS_nanosleep, &soon, 0) == 0;
  ok &= clock_nanosleep(CLOCK_MONOTONIC, 0, &soon, 0) == 0;
  return ok;
}

static int descriptors(void) {
  uint64_t one = 1;
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR2);
  const int counter = eventfd(3, EFD_NONBLOCK), plain = syscall(SYS_eventfd, 4);
  int ok = write(counter, &one, sizeof(one)) == sizeof(one);
  ok &= read(counter, &one, sizeof(one)) == sizeof(one) && one == 4;
  ok &= read(counter, &one, sizeof(one)) == -1;  // EAGAIN
  const int waiting = signalfd(-1, &signals, SFD_CLOEXEC);
  const int waiting_plainly = syscall(SYS_signalfd, -1, &signals, 8ul);
  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  ok &= plain >= 0 && waiting >= 0 && waiting_plainly >= 0 && timer >= 0;
  ok &= timerfd_create(77, 0) == -1;
  ok &= ioctl(counter, FIONREAD, &one) == -1;  // ENOTTY
  ok &= syscall(SYS_userfaultfd, 0x8000) == -1;
  for (int fd = counter; fd <= timer; fd++) ok &= close(fd) == 0;
  const int process = syscall(SYS_pidfd_open, getpid(), 0);
  const int taken = syscall(SYS_pidfd_getfd, process, 0, 0);
  ok &= close(taken) == 0 && close(process) == 0;
  ok &= syscall(SYS_pidfd_open, -5, 0) == -1;
  return ok;
}

static void handle(int signal) { (void)signal; }

static int signals(void) {
  const struct sigaction action = {.sa_handler = handle};
  int ok = sigaction(SIGUSR1, &action, 0) == 0;
  ok &= kill(getpid(), 0) == 0;
  ok &= kill(getpid(), SIGUSR1) == 0;
  ok &= syscall(SYS_tkill, gettid(), SIGUSR1) == 0;
  ok &= syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1) == 0;
  ok &= kill(getpid(), 99) == -1;            // EINVAL
  ok &= syscall(SYS_tgkill, -1, 1, 9) == -1;  // EINVAL
  return ok;
}

static int locks(void) {
  static int word;
  struct sembuf change = {0, 1, IPC_NOWAIT}, both[] = {{0, -1, 0}, {1, 2, SEM_UNDO}};
  int ok = syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1) == 0;
  ok &= syscall(SYS_futex, &word, FUTEX_WAIT, 1, &soon) == -1;          // EAGAIN
  ok &= syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &soon) == -1;  // ETIMEDOUT
  const int set = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
  ok &= semop(set, &change, 1) == 0;
  ok &= semop(set, both, 2) == 0;
  change.sem_num = 9;
  ok &= semop(set, &change, 1) == -1;  // EFBIG
  ok &= semctl(set, 0, GETVAL) == 0;
  ok &= semctl(set, 1, SETVAL, 4) == 0;
  ok &= semctl(set, 0, IPC_RMID) == 0;
  return ok & (semget(12345, 1, 0) == -1);  // ENOENT
}

static int others(void) {
  char folder[400], name[16];
  int ok = syscall(SYS_getcwd, folder, sizeof(folder)) > 0;
  ok &= syscall(SYS_getcwd, folder, 1) == -1;  // ERANGE
  ok &= prctl(PR_SET_NAME, "another name") == 0;
  ok &= prctl(PR_GET_NAME, name) == 0;
  ok &= prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
  ok &= prctl(PR_SET_DUMPABLE, 1) == 0;
  ok &= getuid() == geteuid() && getgid() == getegid();
  ok &= setpriority(PRIO_PROCESS, 0, 1) == 0;
  ok &= sched_yield() == 0;
  ok &= syscall(SYS_bpf, 99, 0, 0) == -1;
  ok &= syscall(SYS_seccomp, 99, 0, 0) == -1;
  ok &= syscall(SYS_quotactl, 0, 0, 0, 0) == -1;
  ok &= syscall(SYS_brk, 0) > 0;
  ok &= syscall(SYS_time, 0) > 0;
  ok &= syscall(1000) == -1;  // ENOSYS
  return ok;
}

int main(void) {
  int ends[2];
  if (pipe(ends) != 0) return 1;
  const int ok = limits() & waits(ends[0], ends[1]) & descriptors() & signals() & locks();
  return ok & others() ? 0 : 1;
}
