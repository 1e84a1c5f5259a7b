// Moves data in every way that has an event: always the same calls in the same order, exit status
// 0.
//
// Works on a file in the current directory, pipes and its own memory. Descriptors: 3 the file, 4
// /dev/null, 5 and 6 a pipe.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char text[] = "The quick brown fox jumps over the lazy dog. 0123456789 ";
static char large[5000];
static void* volatile nowhere = (void*)8;

static int plain(int file) {
  char buffer[200];
  int ok = write(file, text, 20) == 20;
  ok &= write(file, text, 0) == 0;
  ok &= pwrite(file, large, sizeof(large), 100) == sizeof(large);
  ok &= pread(file, buffer, 10, 4) == 10;
  ok &= lseek(file, 0, SEEK_SET) == 0;
  ok &= read(file, buffer, 1) == 1;
  ok &= read(file, buffer, sizeof(buffer)) == sizeof(buffer);
  ok &= pread(file, buffer, 10, 1 << 20) == 0;
  ok &= read(-1, buffer, 10) == -1;      // EBADF
  ok &= write(-1, text, 12) == -1;       // EBADF: the data are shown all the same
  ok &= write(file, nowhere, 12) == -1;  // EFAULT
  ok &= read(file, nowhere, 12) == -1;   // EFAULT
  return ok;
}

static int vectors(int file) {
  char a[7], b[9], c[100];
  struct iovec out[] = {{text, 4}, {text + 4, 0}, {text + 10, 6}, {large, 300}};
  struct iovec in[] = {{a, sizeof(a)}, {b, sizeof(b)}, {c, sizeof(c)}};
  struct iovec bytes[40];
  for (int i = 0; i < 40; i++) bytes[i] = (struct iovec){text + i, 1};
  int ok = pwritev(file, out, 4, 0) == 310;
  ok &= preadv(file, in, 3, 0) == 116;
  ok &= lseek(file, 0, SEEK_SET) == 0;
  ok &= writev(file, bytes, 40) == 40;  // more pieces than are looked at
  ok &= readv(file, in, 2) == 16;
  ok &= readv(-1, in, 2) == -1;
  ok &= writev(-1, out, 3) == -1;
  ok &= writev(file, nowhere, 2) == -1;  // EFAULT
  return ok;
}

static int between(int file, int null, int from, int to) {
  char buffer[20];
  off_t offset = 2;
  int ok = sendfile(null, file, &offset, 50) == 50;
  ok &= lseek(file, 0, SEEK_SET) == 0;
  ok &= sendfile(to, file, 0, 10) == 10;
  ok &= read(from, buffer, sizeof(buffer)) == 10;
  struct iovec own[] = {{buffer, 5}, {buffer + 5, 5}};
  struct iovec other = {text, 10};
  ok &= process_vm_readv(getpid(), own, 2, &other, 1, 0) == 10;
  other.iov_base = large;
  ok &= process_vm_writev(getpid(), own, 2, &other, 1, 0) == 10;
  ok &= process_vm_readv(-1, own, 2, &other, 1, 0) == -1;
  ok &= syscall(SYS_init_module, text, 50ul, "an=option") == -1;  // no module
  return ok;
}

int main(void) {
  for (unsigned i = 0; i < sizeof(large); i++) large[i] = 'a' + i % 26;
  int ends[2];
  const int file = open("gyr-io-test", O_RDWR | O_CREAT | O_TRUNC, 0600);
  const int null = open("/dev/null", O_WRONLY);
  if (file < 0 || null < 0 || pipe(ends) != 0) return 1;
  unlink("gyr-io-test");
  const int ok = plain(file) && vectors(file) && between(file, null, ends[0], ends[1]);
  return ok ? 0 : 1;
}
