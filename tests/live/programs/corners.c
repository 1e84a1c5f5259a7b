// Calls at the edges of what events can say: always the same ones in the same order, exit status 0.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/// Data come to a socket without a peer, and nobody asks from where.
static void without_sender(void) {
  char buffer[16];
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(43214)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int receiver = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0);
  bind(receiver, (struct sockaddr*)&to, sizeof(to));
  for (int i = 0; i < 2; i++) sendto(sender, "datagram", 8, 0, (struct sockaddr*)&to, sizeof(to));
  recvfrom(receiver, buffer, sizeof(buffer), 0, 0, 0);
  struct iovec piece = {buffer, sizeof(buffer)};
  struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
  recvmsg(receiver, &message, 0);
  close(sender);
  close(receiver);
}

/// The path of the server stays with the client when an answer comes.
static void local_client(void) {
  char buffer[16];
  struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "corners-socket"};
  const int listening = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
  unlink(at.sun_path);
  bind(listening, (struct sockaddr*)&at, sizeof(at));
  listen(listening, 1);
  connect(client, (struct sockaddr*)&at, sizeof(at));
  const int server = accept(listening, 0, 0);
  send(server, "answer", 6, 0);
  recv(client, buffer, sizeof(buffer), 0);
  send(client, "again", 5, 0);
  close(client);
  close(server);
  close(listening);
  unlink(at.sun_path);
}

/// The kernel writes what is left of the time over what it was.
static void waiting(void) {
  int ends[2];
  struct timespec time = {30, 7};
  pipe(ends);
  write(ends[1], "x", 1);
  struct pollfd polled = {ends[0], POLLIN, 0};
  syscall(SYS_ppoll, &polled, 1, &time, 0, 8);
  time = (struct timespec){0, 1000};
  syscall(SYS_nanosleep, &time, &time);
  close(ends[0]);
  close(ends[1]);
}

static void unknown_numbers(void) {
  struct rlimit limit;
  const int one = 1, tcp = socket(AF_INET, SOCK_STREAM, 0);
  syscall(SYS_getrlimit, 77, &limit);
  syscall(SYS_epoll_create1, 0x80004);
  setsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  setsockopt(tcp, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
  close(tcp);
  for (long number = 505; number < 3000; number += 600) syscall(number, 1, 2, 3);
  syscall(70000);
}

/// Bad addresses of several kinds, and one of memory that the kernel never looks at.
static void unreadable(void) {
  char* page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(page, 4096);
  syscall(SYS_open, page, 0);
  syscall(SYS_mkdir, 8, 0);
  syscall(SYS_write, -1, -5000, 100);
  syscall(SYS_rename, "corners", page);
}

int main(void) {
  without_sender();
  local_client();
  waiting();
  unknown_numbers();
  unreadable();
  const int file = open(".", O_TMPFILE | O_RDWR, 0600);
  write(file, "file", 4);
  close(file);
  setreuid(-1, -1);
  return 0;
}
