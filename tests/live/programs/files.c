// Opens files in all ways, makes pipes, and names directories: each call once, in this order, in a
// directory of its own that is gone in the end. Exits with 0, or with the line of what failed.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHECK(what) \
  if (!(what)) _exit(__LINE__ & 0x7f)

int main(void) {
  char name[] = "/tmp/files.XXXXXX", path[128];
  CHECK(mkdtemp(name) && chdir(name) == 0);

  // open: created, then opened once more, a directory, and one that is not there.
  int fd = syscall(SYS_open, "one", O_CREAT | O_RDWR | O_CLOEXEC, 0640);
  CHECK(fd >= 0 && close(fd) == 0);
  CHECK((fd = syscall(SYS_open, "one", O_WRONLY | O_APPEND)) >= 0 && close(fd) == 0);
  CHECK((fd = syscall(SYS_open, ".", O_RDONLY | O_DIRECTORY)) >= 0 && close(fd) == 0);
  CHECK(syscall(SYS_open, "missing", O_RDONLY) == -1);

  // creat, and openat relative to a directory and with O_TMPFILE.
  CHECK((fd = syscall(SYS_creat, "two", 0600)) >= 0 && close(fd) == 0);
  int dir = syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_DIRECTORY);
  CHECK(dir >= 0);
  CHECK((fd = syscall(SYS_openat, dir, "three", O_CREAT | O_EXCL | O_RDWR, 0604)) >= 0);
  CHECK(close(fd) == 0);
  fd = syscall(SYS_openat, dir, ".", O_TMPFILE | O_RDWR, 0600);  // not every file system has it
  if (fd >= 0) close(fd);

  // As descriptor 0.
  CHECK(close(0) == 0 && syscall(SYS_openat, AT_FDCWD, "three", O_RDONLY) == 0);

  struct open_how how = {.flags = O_RDONLY, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  CHECK((fd = syscall(SYS_openat2, dir, "three", &how, sizeof how)) >= 0 && close(fd) == 0);

  // By handle; needs CAP_DAC_READ_SEARCH and a file system with handles.
  union {
    struct file_handle head;
    char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
  } handle;
  handle.head.handle_bytes = MAX_HANDLE_SZ;
  int mount;
  if (name_to_handle_at(dir, "three", &handle.head, &mount, 0) == 0) {
    fd = open_by_handle_at(dir, &handle.head, O_RDONLY);
    if (fd >= 0) close(fd);
  }

  int ends[2];
  CHECK(syscall(SYS_pipe, ends) == 0 && close(ends[0]) == 0 && close(ends[1]) == 0);
  CHECK(syscall(SYS_pipe2, ends, O_CLOEXEC | O_NONBLOCK) == 0);
  CHECK(syscall(SYS_pipe2, (void*)8, 0) == -1);
  CHECK(syscall(SYS_getcwd, path, sizeof path) > 0);

  CHECK(unlink("one") == 0 && unlink("two") == 0 && unlink("three") == 0);
  CHECK(chdir("/") == 0 && rmdir(name) == 0);
  return 0;
}
