// Changes the path of an open while the call is under way, as somebody would who wants another file
// to be seen: a thread opens a FIFO, which waits for a writer; the main thread overwrites the path
// and only then becomes the writer. The file that was opened is named fifo.real, what the memory
// says in the end is fifo.fake. For open, openat and openat2, in this order. Link with -pthread.
// Exits with 0, or with the line of what failed.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHECK(what) \
  if (!(what)) _exit(__LINE__ & 0x7f)

static char path[] = "fifo.real";
static struct open_how how = {.flags = O_RDONLY};
static long call;

static void* reader(void* unused) {
  (void)unused;
  long fd = -1;
  if (call == SYS_open) fd = syscall(SYS_open, path, O_RDONLY);
  if (call == SYS_openat) fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
  if (call == SYS_openat2) fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
  CHECK(fd >= 0 && close(fd) == 0);
  return 0;
}

int main(void) {
  const long calls[] = {SYS_open, SYS_openat, SYS_openat2};
  char directory[] = "/tmp/races.XXXXXX";
  CHECK(mkdtemp(directory) && chdir(directory) == 0 && mkfifo("fifo.real", 0600) == 0);
  for (int i = 0; i < 3; i++) {
    pthread_t thread;
    call = calls[i];
    strcpy(path, "fifo.real");
    how.flags = O_RDONLY;
    CHECK(pthread_create(&thread, 0, reader, 0) == 0);
    usleep(50000);
    strcpy(path, "fifo.fake");
    how.flags = O_RDONLY | O_NONBLOCK;
    const int fd = open("fifo.real", O_WRONLY);
    CHECK(fd >= 0 && pthread_join(thread, 0) == 0 && close(fd) == 0);
  }
  CHECK(unlink("fifo.real") == 0 && chdir("/") == 0 && rmdir(directory) == 0);
  return 0;
}
