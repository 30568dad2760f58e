// The restart program: notes the time at once, starts the service again with its command line of KIND
// (command-line.h), and appends "NAME NANOSECONDS PID" to RECORD. With the word "become" it is the service
// itself (for supervisors whose child is the service).
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "command-line.h"

static int record(const char *path, const char *name, struct timespec at, pid_t pid) {
  char line[4352];
  int length = snprintf(line, sizeof line, "%s %lld %d\n", name, at.tv_sec * 1000000000LL + at.tv_nsec, pid);
  int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  return file >= 0 && write(file, line, length) == length ? 0 : 1;
}

int main(int count, char **words) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  if (count < 5) return 64;
  char **argv = commandLine(words[3], words[4]);
  int becomes = count > 5 && strcmp(words[5], "become") == 0;
  pid_t pid = becomes ? 0 : fork();
  if (pid < 0) return 1;
  if (pid > 0) return record(words[1], words[3], at, pid);
  if (becomes) record(words[1], words[3], at, getpid());
  else setsid();
  execv(words[2], argv);
  return 1;
}
