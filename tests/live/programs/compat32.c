// The calls of a 32-bit program, made by a 64-bit one through int 0x80: no 32-bit C library is
// needed, and it is what somebody would do who wants not to be seen. x86_64 with 32-bit emulation
// only; exits with 77 where the kernel has none, else with 0 or with the line of what failed.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHECK(what) \
  if (!(what)) _exit(__LINE__ & 0x7f)

enum {
  i386_open = 5,
  i386_close = 6,
  i386_unlink = 10,
  i386_getpid = 20,
  i386_dup2 = 63,
  i386_setrlimit = 75,
  i386_mmap = 90,
  i386_socketcall = 102,
  i386_ipc = 117,
  i386_llseek = 140,
  i386_readv = 145,
  i386_writev = 146,
  i386_nanosleep = 162,
  i386_pread64 = 180,
  i386_pwrite64 = 181,
  i386_mmap2 = 192,
  i386_getuid32 = 199,
  i386_openat = 295,
};
enum { call_socket = 1, call_connect = 3, call_socketpair = 8, call_sendmsg = 16, call_recvmsg = 17 };
enum { call_semget = 2, call_semctl = 3 };

static long call(long number, uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e) {
  long result;
  __asm__ volatile("int $0x80"
                   : "=a"(result)
                   : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
                   : "memory", "r8", "r9", "r10", "r11");
  return (int32_t)result;
}

/// Offsets of 64 bits, and structures half as large.
static void halves(char* low, uint32_t at) {
  enum { read_write = 2, seek_set = 0, read_only = 1, private = 2 };
  uint32_t* pieces = (uint32_t*)(low + 2048);
  strcpy(low + 3000, "one");
  strcpy(low + 3100, "two");
  const int fd = call(i386_open, at, 0x42, 0600, 0, 0);
  pieces[0] = at + 3000, pieces[1] = 3, pieces[2] = at + 3100, pieces[3] = 2;
  CHECK(call(i386_writev, fd, at + 2048, 2, 0, 0) == 5);
  CHECK(call(i386_llseek, fd, 1, 2, at + 2200, seek_set) == 0);
  CHECK(call(i386_llseek, fd, 0, 1, at + 2200, seek_set) == 0);
  CHECK(call(i386_readv, fd, at + 2048, 2, 0, 0) == 4);
  CHECK(call(i386_pwrite64, fd, at + 3000, 3, 8192, 0) == 3);
  CHECK(call(i386_pread64, fd, at + 3000, 3, 4, 1) == 0);
  CHECK(call(i386_mmap2, 0, 4096, read_only, private, fd) != -EFAULT);
  call(i386_close, fd, 0, 0, 0, 0);
  call(i386_unlink, at, 0, 0, 0, 0);
}

static void messages(char* low, uint32_t at) {
  uint32_t *words = (uint32_t*)(low + 1024), *pieces = (uint32_t*)(low + 2048);
  uint32_t* header = (uint32_t*)(low + 2100);
  words[0] = 1, words[1] = 1, words[2] = 0, words[3] = at + 2200;
  CHECK(call(i386_socketcall, call_socketpair, at + 1024, 0, 0, 0) == 0);
  const uint32_t* ends = (const uint32_t*)(low + 2200);
  strcpy(low + 3000, "message");
  pieces[0] = at + 3000, pieces[1] = 7;
  memset(header, 0, 28);
  header[2] = at + 2048, header[3] = 1;
  words[0] = ends[0], words[1] = at + 2100, words[2] = 0;
  CHECK(call(i386_socketcall, call_sendmsg, at + 1024, 0, 0, 0) == 7);
  words[0] = ends[1];
  CHECK(call(i386_socketcall, call_recvmsg, at + 1024, 0, 0, 0) == 7);
}

static void refused(int signal) {
  (void)signal;
  _exit(77);
}

int main(void) {
  signal(SIGSEGV, refused);
  // What the kernel reads has to lie below 4 GiB.
  char* low = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  CHECK(low != MAP_FAILED);
  const uint32_t at = (uint32_t)(uintptr_t)low;
  uint32_t* words = (uint32_t*)(low + 1024);
  const uint32_t at_words = at + 1024;
  strcpy(low, "/tmp/compat32.tmp");
  if (call(i386_getpid, 0, 0, 0, 0, 0) == -ENOSYS) return 77;

  int fd = call(i386_open, at, 0x42, 0600, 0, 0);
  CHECK(fd >= 0);
  CHECK(call(i386_dup2, fd, 30, 0, 0, 0) == 30);
  CHECK(call(i386_close, 30, 0, 0, 0, 0) == 0 && call(i386_close, fd, 0, 0, 0, 0) == 0);
  fd = call(i386_openat, (uint32_t)-100, at, 0x80000, 0, 0);
  CHECK(fd >= 0 && call(i386_close, fd, 0, 0, 0, 0) == 0);
  CHECK(call(i386_unlink, at, 0, 0, 0, 0) == 0);
  CHECK(call(i386_getuid32, 0, 0, 0, 0, 0) == (long)getuid());

  // Words where a 64-bit program has twice as much.
  words[0] = 0, words[1] = 2000000;
  CHECK(call(i386_nanosleep, at_words, 0, 0, 0, 0) == 0);
  words[0] = 0, words[1] = 0xffffffff;
  call(i386_setrlimit, 4, at_words, 0, 0, 0);
  words[0] = 0, words[1] = 4096, words[2] = 1, words[3] = 0x22, words[4] = -1u, words[5] = 0;
  CHECK(call(i386_mmap, at_words, 0, 0, 0, 0) != -EFAULT);

  // Many calls in one.
  words[0] = 2, words[1] = 1, words[2] = 0;
  fd = call(i386_socketcall, call_socket, at_words, 0, 0, 0);
  CHECK(fd >= 0);
  const unsigned char address[16] = {2, 0, 0, 9, 127, 0, 0, 1};
  memcpy(low, address, sizeof address);
  words[0] = fd, words[1] = at, words[2] = sizeof address;
  call(i386_socketcall, call_connect, at_words, 0, 0, 0);
  const int set = call(i386_ipc, call_semget, 0, 1, 0600, 0);
  CHECK(set >= 0);
  words[0] = 0;
  CHECK(call(i386_ipc, call_semctl, set, 0, 0x100, at_words) == 0);
  strcpy(low, "/tmp/compat32.tmp");
  halves(low, at);
  messages(low, at);
  return 0;
}
