// Forks PER_SECOND children a second that end at once, until its input ends: a machine on which pids come and
// go.
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count != 2) return 64;
  int milliseconds = 1000 / atoi(words[1]);
  for (;;) {
    struct pollfd input = {.fd = 0, .events = POLLIN};
    if (poll(&input, 1, milliseconds) > 0) return 0;
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    if (pid > 0) waitpid(pid, NULL, 0);
  }
}
