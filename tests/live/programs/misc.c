// Waits, semaphores, keys, io_uring, mounts and quotas: each call once, in this order. What a
// kernel or a container may refuse is called all the same, and allowed to fail. Exits with 0, or
// with the line of what failed.
#define _GNU_SOURCE
#include <linux/io_uring.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/quota.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CHECK(what) \
  if (!(what)) _exit(__LINE__ & 0x7f)

enum { join_session_keyring = 1, describe = 6, search = 10, session_keyring = -3 };
enum { set_flag = 0, set_string = 1, set_binary = 2 };

static void wait_for_things(void) {
  const struct timespec millisecond = {0, 1000000}, second = {1, 500};
  CHECK(syscall(SYS_nanosleep, &millisecond, 0) == 0);
  int ends[2];
  CHECK(pipe(ends) == 0);
  struct pollfd both[2] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT | POLLRDHUP, 0}};
  CHECK(syscall(SYS_poll, both, 2, -1) == 1);
  CHECK(write(ends[1], "x", 1) == 1 && syscall(SYS_poll, both, 2, 50) == 2);
  CHECK(syscall(SYS_poll, both, 0, 1) == 0);
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  CHECK(syscall(SYS_ppoll, both, 2, &second, &mask, 8) == 2);
  CHECK(close(ends[1]) == 0);
  both[1].fd = 77;
  CHECK(syscall(SYS_ppoll, both, 2, 0, 0, 8) == 2);
  close(ends[0]);
}

static void use_semaphores(void) {
  const int set = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
  CHECK(set >= 0);
  CHECK(syscall(SYS_semctl, set, 1, SETVAL, 5) == 0);
  struct sembuf operations[2] = {{0, 1, 0}, {1, -2, SEM_UNDO | IPC_NOWAIT}};
  CHECK(syscall(SYS_semop, set, operations, 2) == 0);
  CHECK(syscall(SYS_semop, set, operations, 1) == 0);
  CHECK(syscall(SYS_semctl, set, 1, GETVAL, 0) == 3);
  CHECK(syscall(SYS_semctl, set, 0, IPC_RMID, 0) == 0);
}

static void may_be_refused(void) {
  char text[64];
  syscall(SYS_keyctl, join_session_keyring, "ring");
  syscall(SYS_keyctl, describe, session_keyring, text, sizeof text);
  syscall(SYS_keyctl, search, session_keyring, "user", "nothing", 0);
  syscall(SYS_keyctl, 999, 1, 2, 3, 4);
  struct io_uring_params ring;
  memset(&ring, 0, sizeof ring);
  ring.flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
  ring.cq_entries = 32;
  const int fd = syscall(SYS_io_uring_setup, 4, &ring);
  if (fd >= 0) close(fd);
  syscall(SYS_mount, "none", "/missing", "tmpfs", 0xc0ed0000 | MS_NOSUID | MS_NODEV, "size=1m");
  const int context = syscall(SYS_fsopen, "tmpfs", 0);
  syscall(SYS_fsconfig, context, set_string, "size", "1m", 0);
  syscall(SYS_fsconfig, context, set_flag, "ro", 0, 0);
  syscall(SYS_fsconfig, context, set_binary, "blob", "\1\2\3", 3);
  if (context >= 0) close(context);
  struct dqblk block = {.dqb_bhardlimit = 10, .dqb_bsoftlimit = 9, .dqb_valid = QIF_BLIMITS};
  syscall(SYS_quotactl, QCMD(Q_SETQUOTA, USRQUOTA), "/dev/missing", 1000, &block);
  syscall(SYS_quotactl, QCMD(Q_QUOTAON, GRPQUOTA), "/dev/missing", 2, "/aquota");
}

int main(void) {
  wait_for_things();
  use_semaphores();
  may_be_refused();
  return 0;
}
