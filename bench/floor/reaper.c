// Runs a command, and all that it leaves behind: every orphan below is reaped at once (the init of a
// container may take seconds, and a zombie keeps its pid), and when the command has ended, however it ended,
// so is everything else: by SIGTERM first, since what has frozen or mounted something has to undo it, and two
// seconds later by SIGKILL.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEP_MICROSECONDS 1000
#define TERM_STEPS 2000
#define KILL_STEPS 20000

/** To every child that is left; orphans of those become children in turn. */
static void signalChildren(int number) {
  static char text[1 << 20];
  int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  size_t length = 0;
  for (ssize_t got; file >= 0 && (got = read(file, text + length, sizeof text - 1 - length)) > 0;) length += got;
  if (file >= 0) close(file);
  text[length] = 0;
  char *rest = text, *end;
  for (long pid; (pid = strtol(rest, &end, 10)) > 1 && end != rest; rest = end) kill((pid_t)pid, number);
}

static int isAnyLeft(void) {
  pid_t pid;
  while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) continue;
  return pid == 0;
}

static pid_t command;

static void passOn(int signal) {
  kill(command, signal);
}

int main(int count, char **words) {
  if (count < 2) return 64;
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  command = fork();
  if (command == 0) {
    // Without its reaper it would leave orphans that nobody ends.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    execvp(words[1], words + 1);
    _exit(127);
  }
  // The command hears of Ctrl-C by itself, and what it leaves then has to be ended all the same.
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, passOn);
  int status = 0, ended;
  for (pid_t pid; (pid = waitpid(-1, &ended, 0)) != command;) {
    if (pid < 0 && errno != EINTR) return 1;
  }
  status = ended;
  signalChildren(SIGTERM);
  int steps = 0;
  for (; isAnyLeft() && steps < KILL_STEPS; steps++) {
    if (steps >= TERM_STEPS) signalChildren(SIGKILL);
    usleep(STEP_MICROSECONDS);
  }
  if (steps == KILL_STEPS) fputs("bench: not even SIGKILL ends what it has left\n", stderr);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
