// Talks to itself through sockets of every family whose tuples are known: always the same calls in
// the same order, exit status 0. IPv6 is left out where the host has none.
//
// Ports 43210 to 43213 of the loopback interface; a unix socket `gyr-socket-test` in the current
// directory and one without a file.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

struct address {
  socklen_t size;
  union {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
  };
};

static struct address inet(unsigned short port) {
  struct address a = {.size = sizeof(a.in)};
  a.in.sin_family = AF_INET;
  a.in.sin_port = htons(port);
  a.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

static struct address inet6(unsigned short port) {
  struct address a = {.size = sizeof(a.in6)};
  a.in6.sin6_family = AF_INET6;
  a.in6.sin6_port = htons(port);
  a.in6.sin6_addr = in6addr_loopback;
  return a;
}

/// A name that begins with @ is one without a file.
static struct address local(const char* name) {
  struct address a = {.size = offsetof(struct sockaddr_un, sun_path) + strlen(name)};
  a.un.sun_family = AF_UNIX;
  strcpy(a.un.sun_path, name);
  if (name[0] == '@') {
    a.un.sun_path[0] = 0;
  } else {
    a.size++;
  }
  return a;
}

static int stream(int family, struct address to, int with_flags) {
  char buffer[100];
  const int one = 1, listening = socket(family, SOCK_STREAM, 0);
  const int client = socket(family, SOCK_STREAM, 0);
  if (family != AF_UNIX) setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
  int ok = bind(listening, &to.any, to.size) == 0;
  ok &= listen(listening, 5) == 0;
  ok &= connect(client, &to.any, to.size) == 0;
  struct address peer = {.size = sizeof(peer.un)};
  const int served = with_flags ? accept4(listening, &peer.any, &peer.size, SOCK_CLOEXEC)
                                : accept(listening, 0, 0);
  ok &= served >= 0;
  ok &= send(client, "a question", 10, 0) == 10;
  ok &= recv(served, buffer, sizeof(buffer), 0) == 10;
  ok &= write(served, "an answer", 9) == 9;
  ok &= recvfrom(client, buffer, 4, 0, 0, 0) == 4;
  ok &= read(client, buffer, sizeof(buffer)) == 5;
  ok &= recv(client, buffer, sizeof(buffer), MSG_DONTWAIT) == -1;  // EAGAIN
  close(served);
  ok &= recv(client, buffer, sizeof(buffer), 0) == 0;
  close(client);
  close(listening);
  return ok;
}

static int datagrams(int family, struct address to) {
  char buffer[100];
  const int server = socket(family, SOCK_DGRAM, 0), client = socket(family, SOCK_DGRAM, 0);
  int ok = bind(server, &to.any, to.size) == 0;
  ok &= sendto(client, "to whom it concerns", 19, 0, &to.any, to.size) == 19;
  struct address from = {.size = sizeof(from.un)};
  ok &= recvfrom(server, buffer, sizeof(buffer), 0, &from.any, &from.size) == 19;
  struct iovec parts[] = {{"in two", 6}, {" parts", 6}};
  struct msghdr message = {
      .msg_name = &to.any, .msg_namelen = to.size, .msg_iov = parts, .msg_iovlen = 2};
  ok &= sendmsg(client, &message, 0) == 12;
  struct iovec into = {buffer, sizeof(buffer)};
  struct msghdr got = {
      .msg_name = &from.any, .msg_namelen = sizeof(from.un), .msg_iov = &into, .msg_iovlen = 1};
  ok &= recvmsg(server, &got, 0) == 12;
  struct mmsghdr many[2] = {{.msg_hdr = message}, {.msg_hdr = message}};
  many[1].msg_hdr.msg_iovlen = 1;
  ok &= sendmmsg(client, many, 2, 0) == 2;
  char second[50];
  struct iovec into_second = {second, sizeof(second)};
  many[0].msg_hdr = got;
  many[1].msg_hdr = got;
  many[1].msg_hdr.msg_iov = &into_second;
  ok &= recvmmsg(server, many, 2, 0, 0) == 2;
  ok &= recvmmsg(server, many, 2, MSG_DONTWAIT, 0) == -1;  // EAGAIN
  ok &= connect(client, &to.any, to.size) == 0;
  ok &= send(client, "known", 5, 0) == 5;
  ok &= recv(server, buffer, sizeof(buffer), 0) == 5;
  close(client);
  close(server);
  return ok;
}

/// A descriptor goes with the data.
static int pair(void) {
  int ends[2];
  char buffer[10];
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr first;
  } control = {0};
  struct iovec part = {"fd", 2}, into = {buffer, sizeof(buffer)};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof(control.bytes)};
  int ok = socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0;
  control.first = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(&control.first), &ends[0], sizeof(int));
  ok &= sendmsg(ends[0], &message, 0) == 2;
  message.msg_iov = &into;
  ok &= recvmsg(ends[1], &message, 0) == 2;
  ok &= socketpair(AF_INET, SOCK_STREAM, 0, ends) == -1;
  return ok;
}

static int options(void) {
  const int s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), size = 20000, on = 1;
  const struct timeval wait = {2, 500000};
  const struct linger linger = {1, 3};
  int value;
  socklen_t length = sizeof(value);
  int ok = setsockopt(s, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) == 0;
  ok &= setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) == 0;
  ok &= setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)) == 0;
  ok &= setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0;
  ok &= getsockopt(s, SOL_SOCKET, SO_ERROR, &value, &length) == 0;
  ok &= getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &length) == 0;
  ok &= getsockopt(-1, SOL_SOCKET, SO_TYPE, &value, &length) == -1;
  struct address nobody = inet(1);
  ok &= connect(s, &nobody.any, nobody.size) == -1;  // ECONNREFUSED
  ok &= sendto(s, "lost", 4, MSG_NOSIGNAL, 0, 0) == -1;
  close(s);
  return ok;
}

int main(void) {
  unlink("gyr-socket-test");
  int ok = stream(AF_INET, inet(43210), 0);
  ok &= datagrams(AF_INET, inet(43211));
  const int probe = socket(AF_INET6, SOCK_DGRAM, 0);
  struct address six = inet6(43212);
  if (probe >= 0 && bind(probe, &six.any, six.size) == 0) {
    close(probe);
    ok &= stream(AF_INET6, inet6(43212), 1);
    ok &= datagrams(AF_INET6, inet6(43213));
  }
  ok &= stream(AF_UNIX, local("gyr-socket-test"), 1);
  unlink("gyr-socket-test");
  ok &= stream(AF_UNIX, local("@gyr-socket-test"), 0);
  ok &= datagrams(AF_UNIX, local("gyr-socket-test"));
  unlink("gyr-socket-test");
  ok &= pair();
  ok &= options();
  return ok ? 0 : 1;
}
