// Runs the commands of its words in turn, ROUNDS times, each to its end and with no output, so that what else
// the machine does falls on all of them. Commands are separated by "--". Prints "INDEX WALL_NS CPU_NS STATUS"
// for each.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long nanoseconds(struct timespec at) {
  return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static long long cpu(struct rusage usage) {
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

static int run(int index, char **command, posix_spawn_file_actions_t *silent) {
  struct timespec before, after;
  struct rusage usage;
  pid_t pid;
  int status;
  clock_gettime(CLOCK_MONOTONIC, &before);
  if (posix_spawnp(&pid, command[0], silent, NULL, command, environ) != 0) return 1;
  wait4(pid, &status, 0, &usage);
  clock_gettime(CLOCK_MONOTONIC, &after);
  printf("%d %lld %lld %d\n", index, nanoseconds(after) - nanoseconds(before), cpu(usage),
         WIFEXITED(status) ? WEXITSTATUS(status) : 128);
  return 0;
}

int main(int count, char **words) {
  if (count < 4) return 64;
  char **commands[64];
  int length = 0;
  for (int at = 2; at < count && length < 64; at++) {
    if (strcmp(words[at], "--") != 0) continue;
    words[at] = NULL;
    commands[length++] = words + at + 1;
  }
  posix_spawn_file_actions_t silent;
  posix_spawn_file_actions_init(&silent);
  posix_spawn_file_actions_addopen(&silent, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&silent, 2, "/dev/null", O_WRONLY, 0);
  for (int round = 0; round < atoi(words[1]); round++) {
    for (int index = 0; index < length; index++) {
      if (run(index, commands[index], &silent) != 0) return 1;
    }
  }
  return 0;
}
