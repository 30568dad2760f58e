// Keeps COUNT processes of BINARY there, of the user UID, with BYTES of arguments each, that come and go:
// each lives for half a second to eight. Every other one has one of the NAMEs as its argv[0]. Each line of
// its input is answered with how many are there; they and it end with its input.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COUNT_MAX 10000
/** The kernel takes no longer argument than 128 KiB. */
#define ARGUMENT_BYTES 131000
#define ARGUMENTS_MAX 4096

static pid_t pids[COUNT_MAX];
static long long ends[COUNT_MAX];

static long long milliseconds(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000LL + at.tv_nsec / 1000000;
}

static void startOne(int index, const char *binary, char **argv, uid_t uid) {
  ends[index] = milliseconds() + 500 + rand() % 7500;
  pids[index] = fork();
  if (pids[index] != 0) return;
  if (setgid(uid) == 0 && setuid(uid) == 0) execv(binary, argv);
  _exit(errno);
}

int main(int words, char **word) {
  if (words < 6) return 64;
  int count = atoi(word[1]), bytes = atoi(word[2]), nameCount = words - 5;
  if (count < 1 || count > COUNT_MAX || bytes / ARGUMENT_BYTES > ARGUMENTS_MAX - 3) return 64;
  static char filler[ARGUMENT_BYTES], *argv[ARGUMENTS_MAX];
  memset(filler, 'x', sizeof filler - 1);
  int arguments = 1;
  for (int left = bytes; left > 0; left -= ARGUMENT_BYTES) {
    argv[arguments++] = left >= ARGUMENT_BYTES ? filler : filler + ARGUMENT_BYTES - left;
  }
  for (;;) {
    for (int status, pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      // None ends by itself that could be started.
      if (WIFEXITED(status)) {
        fprintf(stderr, "%s: %s\n", word[4], strerror(WEXITSTATUS(status)));
        return 1;
      }
      for (int index = 0; index < count; index++) pids[index] = pids[index] == pid ? 0 : pids[index];
    }
    for (int index = 0; index < count; index++) {
      argv[0] = index % 2 == 0 ? "/usr/lib/bench/stranger" : word[5 + index / 2 % nameCount];
      if (pids[index] <= 0) startOne(index, word[4], argv, (uid_t)atoi(word[3]));
      else if (milliseconds() > ends[index]) kill(pids[index], SIGKILL);
    }
    struct pollfd input = {.fd = 0, .events = POLLIN};
    if (poll(&input, 1, 5) <= 0) continue;
    char line[256];
    if (read(0, line, sizeof line) <= 0) break;
    int there = 0;
    for (int index = 0; index < count; index++) there += pids[index] > 0;
    printf("%d\n", there);
    fflush(stdout);
  }
  for (int index = 0; index < count; index++) {
    if (pids[index] > 0) kill(pids[index], SIGKILL);
  }
  while (wait(NULL) > 0) continue;
  return 0;
}
