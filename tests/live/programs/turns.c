// turns WORD OTHER LEFT CALLS: calls getppid, and begins itself again with the words changed round,
// LEFT times. Every third time another thread begins the program, every fifth time a child does,
// which calls too before.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char** words;

static void call(void) {
  for (int left = atoi(words[4]); left > 0; --left) syscall(SYS_getppid);
}

static void begin_next(void) {
  char left[16];
  snprintf(left, sizeof left, "%d", atoi(words[3]) - 1);
  execl("/proc/self/exe", words[0], words[2], words[1], left, words[4], (char*)NULL);
  _exit(1);
}

static void* thread(void* unused) {
  begin_next();
  return unused;
}

int main(int argc, char** argv) {
  words = argv;
  if (argc != 5) return 1;
  const int left = atoi(argv[3]);
  call();
  if (left == 0) return 0;
  if (left % 5 == 0) {
    const pid_t child = fork();
    if (child == 0) {
      call();
      begin_next();
    }
    int status = 1;
    waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  }
  if (left % 3 == 0) {
    pthread_t other;
    if (pthread_create(&other, NULL, thread, NULL) != 0) return 1;
    pause();
  }
  begin_next();
}
