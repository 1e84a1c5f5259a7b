// Threads that come and go: always the same calls in the same order in each of them (but for
// futex, which depends on who is faster), exit status 0.
//
// At the end the leading thread is gone, and another one executes the program anew; with an
// argument it just ends.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char* self;
static int ends[2];

/// What one thread opens another one closes.
static void* opens(void* result) {
  prctl(PR_SET_NAME, "opens");
  *(int*)result = open("/dev/null", O_RDWR | O_CLOEXEC);
  return result;
}

static void* names_itself(void* name) {
  pthread_setname_np(pthread_self(), name);
  write(*(int*)name == 0 ? -1 : ends[1], "here", 4);
  return 0;
}

static void* waits(void* buffer) {
  read(ends[0], buffer, 4);
  return 0;
}

/// Ends by itself, without the C library.
static void* exits(void* unused) {
  syscall(SYS_exit, 3);
  return unused;
}

/// The leading thread has gone; the process goes on, and gets the leader's id with the new program.
static void* outlives(void* unused) {
  char* const arguments[] = {(char*)self, "again", 0};
  char byte;
  read(ends[0], &byte, 1);  // until the leader is about to end
  usleep(50000);
  execve("/no/such/program", arguments, environ);
  execve(self, arguments, environ);
  return unused;
}

static int one_by_one(void) {
  pthread_t thread;
  int fd = -1;
  char buffer[4];
  int ok = pthread_create(&thread, 0, opens, &fd) == 0;
  ok &= pthread_join(thread, 0) == 0;
  ok &= close(fd) == 0;
  ok &= pthread_create(&thread, 0, names_itself, "writer") == 0;
  ok &= pthread_join(thread, 0) == 0;
  ok &= pthread_create(&thread, 0, waits, buffer) == 0;
  ok &= pthread_join(thread, 0) == 0;
  ok &= pthread_create(&thread, 0, exits, 0) == 0;
  ok &= pthread_join(thread, 0) == 0;
  return ok;
}

int main(int count, char** arguments) {
  if (count > 1) return 0;
  self = arguments[0];
  pthread_t thread;
  if (pipe2(ends, O_CLOEXEC) != 0 || !one_by_one()) return 1;
  if (pthread_create(&thread, 0, outlives, 0) != 0) return 1;
  write(ends[1], "!", 1);
  syscall(SYS_exit, 0);
}
