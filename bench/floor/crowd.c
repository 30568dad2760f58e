// Starts COUNT processes of BINARY, each with a name of its own, PREFIX and five digits, in a command line of
// KIND (command-line.h), and ends: they are orphans of whoever reaps. Prints their pids in order.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>

#include "command-line.h"

int main(int count, char **words) {
  if (count != 5) return 64;
  // Else they would hold the pipe that the pids are read from.
  posix_spawn_file_actions_t silent;
  posix_spawn_file_actions_init(&silent);
  for (int file = 0; file < 3; file++) posix_spawn_file_actions_addopen(&silent, file, "/dev/null", O_RDWR, 0);
  for (int index = 0; index < atoi(words[3]); index++) {
    char name[4096];
    snprintf(name, sizeof name, "%s%05d", words[2], index);
    char *environment[] = {NULL};
    pid_t pid;
    if (posix_spawn(&pid, words[1], &silent, NULL, commandLine(name, words[4]), environment) != 0) return 1;
    printf("%d\n", pid);
  }
  return 0;
}
