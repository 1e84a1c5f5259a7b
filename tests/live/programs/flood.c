// Writes one byte to /dev/null, over and over: a known number of calls from each of some threads,
// one bound to each processor. Exit status 0.
//
//     flood CALLS [THREADS [SECONDS]]     SECONDS: instead of CALLS, for so long
//
// Prints how many writes there were. Descriptor 3 is /dev/null; the line goes to 1 and is the only
// other write.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { most_threads = 64 };

static long calls;
static double seconds;
static long made[most_threads];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void* work(void* argument) {
  const long thread = (long)(intptr_t)argument;
  const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
  const double end = now() + seconds;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(thread % cpus, &set);
  sched_setaffinity(0, sizeof(set), &set);
  while (seconds > 0 ? now() < end : made[thread] < calls) {
    if (write(3, "x", 1) != 1) break;
    made[thread]++;
  }
  return NULL;
}

int main(int count, char** words) {
  pthread_t threads[most_threads];
  const long wanted = count > 2 ? atol(words[2]) : 2;
  if (count < 2 || wanted < 1 || wanted > most_threads) return 2;
  calls = atol(words[1]);
  seconds = count > 3 ? atof(words[3]) : 0;
  const int null = open("/dev/null", O_WRONLY);
  if (null < 0 || dup2(null, 3) < 0) return 2;
  for (long i = 0; i < wanted; i++)
    if (pthread_create(&threads[i], NULL, work, (void*)(intptr_t)i) != 0) return 2;
  long sum = 0;
  for (long i = 0; i < wanted; i++) {
    pthread_join(threads[i], NULL);
    sum += made[i];
  }
  printf("%ld\n", sum);
  return 0;
}
