// Prints the nanoseconds that three system calls take: getppid, a read of one byte, and an openat
// with its close. Each is the fastest of many short rounds.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

enum { calls_per_round = 2000 };

static void getppid_once(int fd) { (void)fd, syscall(SYS_getppid); }

static void read_once(int fd) {
  char byte;
  if (read(fd, &byte, 1) != 1) exit(1);
}

static void open_once(int fd) {
  (void)fd;
  const int opened = openat(AT_FDCWD, "/etc/passwd", O_RDONLY);
  if (opened < 0) exit(1);
  close(opened);
}

static double fastest(void (*call)(int), int fd, int rounds) {
  double best = 1e12;
  for (int round = 0; round < rounds; round++) {
    const double start = now();
    for (int i = 0; i < calls_per_round; i++) call(fd);
    const double each = (now() - start) / calls_per_round;
    if (each < best) best = each;
  }
  return best;
}

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? atoi(argv[1]) : 100;
  const int fd = open("/dev/zero", O_RDONLY);
  printf("%.1f %.1f %.1f\n", fastest(getppid_once, fd, rounds), fastest(read_once, fd, rounds),
         fastest(open_once, fd, rounds / 4 + 1));
  return 0;
}
