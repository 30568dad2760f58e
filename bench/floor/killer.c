// Kills the pids of each line of its input, and prints the time just before the first one of the line.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(void) {
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    char *rest = line, *end;
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    for (long pid; (pid = strtol(rest, &end, 10)) > 1 && end != rest; rest = end) kill((pid_t)pid, SIGKILL);
    printf("%lld\n", at.tv_sec * 1000000000LL + at.tv_nsec);
    fflush(stdout);
  }
  return 0;
}
