// Asks at the Unix socket PATH again and again, one QUESTION a connection, INTERVAL ms after the answer, and
// takes the time from the connection to the answer. A line of its input is answered with how often it has
// asked since the last such line, and with the longest time in nanoseconds, that of an answer which has not
// come yet included. It ends with its input.
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static long long count, longest;

static long long now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000000000LL + at.tv_nsec;
}

/** Waits for FILE, which may be -1, and tells on the way whoever asks. */
static int waitFor(int file, short events, int milliseconds, long long began) {
  struct pollfd files[] = {{.fd = 0, .events = POLLIN}, {.fd = file, .events = events}};
  int ready = poll(files, 2, milliseconds);
  if (files[0].revents != 0) {
    char line[256];
    if (read(0, line, sizeof line) <= 0) exit(0);
    long long soFar = began == 0 ? 0 : now() - began;
    printf("%lld %lld\n", count, soFar > longest ? soFar : longest);
    fflush(stdout);
    count = longest = 0;
  }
  return ready > 0 && files[1].revents != 0;
}

static int connected(struct sockaddr_un *address, long long began) {
  for (;;) {
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connect(file, (struct sockaddr *)address, sizeof *address) == 0) return file;
    if (errno != EAGAIN) {
      perror(address->sun_path);
      exit(1);
    }
    // Nobody accepts at the moment.
    close(file);
    waitFor(-1, 0, 1, began);
  }
}

int main(int words, char **word) {
  if (words != 4) return 64;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", word[1]);
  char question[4352];
  int length = snprintf(question, sizeof question, "%s\n", word[2]);
  for (;;) {
    long long began = now();
    int file = connected(&address, began);
    if (write(file, question, length) != length) return 1;
    for (char answer[1 << 16];;) {
      if (!waitFor(file, POLLIN, -1, began)) continue;
      ssize_t got = read(file, answer, sizeof answer);
      if (got > 0 && memchr(answer, '\n', got) != NULL) break;
      if (got == 0 || (got < 0 && errno != EAGAIN)) {
        fprintf(stderr, "%s: closed without an answer\n", word[1]);
        return 1;
      }
    }
    close(file);
    long long taken = now() - began;
    if (taken > longest) longest = taken;
    count++;
    waitFor(-1, 0, atoi(word[3]), 0);
  }
}
