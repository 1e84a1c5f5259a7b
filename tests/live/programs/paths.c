// Opens, names, links, maps and duplicates: always the same calls in the same order, exit status 0.
//
// Works in the folder `gyr-paths-test` of the current directory, which it removes.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const char* const nowhere = (const char*)8;

static int opens(int folder) {
  struct open_how how = {.flags = O_RDWR | O_CREAT | O_EXCL, .mode = 0640};
  int ok = syscall(SYS_open, "one", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600) == 4;
  ok &= syscall(SYS_creat, "two", 0604) == 5;
  ok &= openat(folder, "three", O_RDWR | O_CREAT | O_NONBLOCK | O_SYNC, 0666) == 6;
  ok &= syscall(SYS_openat2, folder, "four", &how, sizeof(how)) == 7;
  ok &= syscall(SYS_openat2, folder, "four", &how, sizeof(how)) == -1;  // EEXIST
  how = (struct open_how){.flags = O_RDONLY, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  ok &= syscall(SYS_openat2, folder, "../four", &how, sizeof(how)) == -1;  // EXDEV
  ok &= openat(folder, ".", O_RDWR | O_TMPFILE, 0600) == 8;
  ok &= openat(folder, ".", O_PATH | O_DIRECTORY | O_NOFOLLOW) == 9;
  ok &= open("absent", O_RDONLY) == -1;
  ok &= openat(-1, "relative", O_RDONLY) == -1;            // EBADF
  ok &= openat(-1, "/dev/null", O_RDONLY | O_CLOEXEC) == 10;  // the directory does not matter
  ok &= open(nowhere, O_RDONLY) == -1;                     // EFAULT
  ok &= open("one/below", O_RDONLY) == -1;                 // ENOTDIR
  for (int fd = 4; fd <= 10; fd++) ok &= close(fd) == 0;
  return ok & (close(10) == -1);
}

static int names(int folder) {
  int ok = syscall(SYS_rename, "one", "first") == 0;
  ok &= renameat(folder, "first", AT_FDCWD, "one") == 0;
  ok &= renameat2(folder, "one", folder, "two", RENAME_EXCHANGE) == 0;
  ok &= renameat2(AT_FDCWD, "one", folder, "two", RENAME_NOREPLACE) == -1;  // EEXIST
  ok &= syscall(SYS_rename, "absent", "other") == -1;
  ok &= syscall(SYS_link, "one", "link") == 0;
  ok &= linkat(folder, "one", folder, "link2", AT_SYMLINK_FOLLOW) == 0;
  ok &= syscall(SYS_symlink, "a/target", "symlink") == 0;
  ok &= symlinkat("one", folder, "symlink2") == 0;
  ok &= syscall(SYS_unlink, "link") == 0;
  ok &= unlinkat(folder, "link2", 0) == 0;
  ok &= unlinkat(folder, "symlink", 0) == 0;
  ok &= unlinkat(-1, "symlink", AT_REMOVEDIR) == -1;  // EBADF
  ok &= syscall(SYS_unlink, nowhere) == -1;           // EFAULT
  ok &= syscall(SYS_mkdir, "folder", 0751) == 0;
  ok &= mkdirat(folder, "folder/inner", 0700) == 0;
  ok &= syscall(SYS_rmdir, "folder") == -1;  // ENOTEMPTY
  ok &= syscall(SYS_rmdir, "folder/inner") == 0;
  ok &= unlinkat(folder, "folder", AT_REMOVEDIR) == 0;
  ok &= syscall(SYS_mknod, "fifo", S_IFIFO | 0600, 0ul) == 0;
  ok &= mknodat(folder, "device", S_IFCHR | 0600, makedev(1, 3)) == 0;
  ok &= unlink("fifo") == 0;
  ok &= unlink("device") == 0;
  return ok;
}

static int attributes(int folder) {
  struct stat status;
  int ok = syscall(SYS_chmod, "one", 04755) == 0;
  ok &= fchmodat(folder, "one", 0644, 0) == 0;
  ok &= fchmod(folder, 01777) == 0;
  ok &= syscall(SYS_chown, "one", 0u, 12) == 0;
  ok &= syscall(SYS_lchown, "symlink2", -1, 7) == 0;
  ok &= fchownat(folder, "symlink2", 0, -1, AT_SYMLINK_NOFOLLOW) == 0;
  ok &= fchown(folder, 0, 0) == 0;
  ok &= syscall(SYS_access, "one", R_OK | W_OK) == 0;
  ok &= faccessat(folder, "absent", F_OK, 0) == -1;
  ok &= syscall(SYS_stat, "one", &status) == 0;
  ok &= syscall(SYS_lstat, "symlink2", &status) == 0;
  ok &= syscall(SYS_fstat, folder, &status) == 0;
  ok &= syscall(SYS_newfstatat, folder, "one", &status, AT_SYMLINK_NOFOLLOW) == 0;
  ok &= syscall(SYS_stat, "absent", &status) == -1;
  ok &= umount2("absent", MNT_DETACH) == -1;
  ok &= mount("source", "absent", "tmpfs", MS_RDONLY | MS_NOSUID, "size=1") == -1;
  ok &= chroot("absent") == -1;
  ok &= chdir("absent") == -1;
  return ok;
}

static int duplicates(int file) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 10};
  int ok = dup(file) == 5;
  ok &= dup2(file, 20) == 20;
  ok &= dup2(file, file) == file;
  ok &= dup3(20, 21, O_CLOEXEC) == 21;
  ok &= dup3(20, 20, 0) == -1;  // EINVAL
  ok &= dup(-1) == -1;
  ok &= fcntl(file, F_DUPFD, 30) == 30;
  ok &= fcntl(file, F_DUPFD_CLOEXEC, 31) == 31;
  ok &= fcntl(31, F_GETFD) == FD_CLOEXEC;
  ok &= fcntl(31, F_SETFD, 0) == 0;
  ok &= fcntl(31, F_SETFL, O_APPEND) == 0;
  ok &= fcntl(file, F_SETLK, &lock) == 0;
  ok &= fcntl(-1, F_GETFD) == -1;
  ok &= flock(file, LOCK_EX | LOCK_NB) == 0;
  ok &= flock(file, LOCK_UN) == 0;
  ok &= syscall(SYS_close_range, 25, 30, CLOSE_RANGE_CLOEXEC) == 0;
  ok &= syscall(SYS_close_range, 5, ~0u, 0) == 0;
  ok &= write(20, "gone", 4) == -1;
  return ok;
}

static int maps(int file) {
  int ok = ftruncate(file, 8192) == 0;
  char* shared = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  char* own = mmap(0, 12288, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ok &= mmap(own, 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 4096) == own;
  ok &= mmap(0, 4096, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED;  // EBADF
  ok &= mmap(0, 0, PROT_READ, MAP_PRIVATE, file, 0) == MAP_FAILED;   // EINVAL
  ok &= mprotect(own, 8192, PROT_READ | PROT_EXEC) == 0;
  ok &= mprotect(own + 1, 4096, PROT_READ) == -1;
  ok &= mlock(shared, 4096) == 0;
  ok &= munlock(shared, 4096) == 0;
  ok &= mlock2(shared, 4096, MLOCK_ONFAULT) == 0;
  ok &= mlockall(MCL_CURRENT) == 0;
  ok &= munlockall() == 0;
  ok &= munmap(shared, 8192) == 0;
  ok &= munmap(own, 12288) == 0;
  ok &= munmap(own + 1, 1) == -1;
  const int memory = memfd_create("some memory", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  ok &= write(memory, "in memory", 9) == 9;
  return ok & (close(memory) == 0);
}

static int between(int from) {
  int ends[2];
  const int to = open("two", O_RDWR);
  int ok = to == 5 && lseek(from, 0, SEEK_SET) == 0;
  ok &= copy_file_range(from, 0, to, 0, 100, 0) == 100;
  ok &= lseek(to, -10, SEEK_END) == 90;
  ok &= lseek(to, 0, 99) == -1;
  ok &= pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0;
  ok &= splice(to, 0, ends[1], 0, 10, SPLICE_F_MOVE) == 10;
  ok &= tee(ends[0], ends[0], 10, 0) == -1;
  ok &= close(ends[0]) == 0 && close(ends[1]) == 0 && close(to) == 0;
  const int watch = inotify_init1(IN_NONBLOCK);
  ok &= inotify_add_watch(watch, ".", IN_CREATE) == 1;
  ok &= close(watch) == 0;
  ok &= close(inotify_init()) == 0;
  return ok;
}

int main(void) {
  umask(022);
  close_range(3, ~0u, 0);  // so that the numbers are known
  if (mkdir("gyr-paths-test", 0755) != 0 || chdir("gyr-paths-test") != 0) return 1;
  const int folder = open(".", O_RDONLY | O_DIRECTORY);
  int ok = folder == 3 && opens(folder) && names(folder) && attributes(folder);
  const int file = open("three", O_RDWR);
  ok &= file == 4 && duplicates(file) && maps(file) && between(file);
  const char* const left[] = {"one", "two", "three", "four", "symlink2"};
  for (int i = 0; i < 5; i++) ok &= unlink(left[i]) == 0;
  ok &= chdir("..") == 0 && fchdir(folder) == 0 && chdir("..") == 0;
  ok &= rmdir("gyr-paths-test") == 0;
  return ok ? 0 : 1;
}
