// A request server and its clients on loopback, for SECONDS; prints the requests per second. A
// request is answered from a file, as a web server does: receive, openat, fstat, read, close, send,
// wait.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { connections = 8, request_size = 120, answer_size = 1024 };

static const char* served;  // a file of at least answer_size bytes
static volatile int stop;

static void must(int condition, const char* what) {
  if (condition) return;
  perror(what);
  exit(1);
}

static int answer(int connection) {
  char bytes[answer_size];
  struct stat info;
  if (recv(connection, bytes, sizeof bytes, 0) <= 0) return 0;
  const int file = openat(AT_FDCWD, served, O_RDONLY | O_CLOEXEC);
  must(file >= 0 && fstat(file, &info) == 0, served);
  must(read(file, bytes, sizeof bytes) == sizeof bytes, "read");
  close(file);
  return send(connection, bytes, sizeof bytes, MSG_NOSIGNAL) == sizeof bytes;
}

static void* serve(void* argument) {
  const int listener = *(int*)argument;
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i < connections; i++) {
    const int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    must(connection >= 0, "accept");
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = connection};
    must(epoll_ctl(poll, EPOLL_CTL_ADD, connection, &wanted) == 0, "epoll_ctl");
  }
  struct epoll_event ready[connections];
  for (int open = connections; open > 0;) {
    const int n = epoll_wait(poll, ready, connections, -1);
    for (int i = 0; i < n; i++) {
      if (answer(ready[i].data.fd)) continue;
      close(ready[i].data.fd);
      open--;
    }
  }
  return NULL;
}

static int connected(const struct sockaddr_in* to) {
  const int one = 1;
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(fd >= 0 && connect(fd, (const struct sockaddr*)to, sizeof *to) == 0, "connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

static void* count_down(void* argument) {
  struct timespec wait = {*(int*)argument, 0};
  nanosleep(&wait, NULL);
  stop = 1;
  return NULL;
}

// One request is under way on each connection at a time.
static long ask(const int* fds) {
  char bytes[answer_size] = "GET /";
  long done = 0;
  while (!stop) {
    for (int i = 0; i < connections; i++)
      must(send(fds[i], bytes, request_size, 0) == request_size, "send");
    for (int i = 0; i < connections; i++, done++)
      must(recv(fds[i], bytes, answer_size, MSG_WAITALL) == answer_size, "recv");
  }
  return done;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  int seconds = atoi(argv[1]);
  served = argv[2];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(bind(listener, (struct sockaddr*)&address, size) == 0 && listen(listener, 64) == 0, "listen");
  must(getsockname(listener, (struct sockaddr*)&address, &size) == 0, "getsockname");
  pthread_t server, timer;
  must(pthread_create(&server, NULL, serve, &listener) == 0, "pthread_create");
  int fds[connections];
  for (int i = 0; i < connections; i++) fds[i] = connected(&address);
  must(pthread_create(&timer, NULL, count_down, &seconds) == 0, "pthread_create");
  printf("%.0f\n", (double)ask(fds) / seconds);
  for (int i = 0; i < connections; i++) close(fds[i]);
  pthread_join(server, NULL);
  return 0;
}
