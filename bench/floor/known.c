// The floor of "idle CPU": reads what a monitor has to read that already knows every process. Every INTERVAL
// ms the auxiliary vector of those that are watched (it shows whether they are there and have not called
// exec) and of a share of all others, so that each is read once a minute, when /proc is listed too. The
// watched pids are the first line of its input, answered with "ok"; it ends with its input.
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MINUTE 60000
#define PIDS_MAX (1 << 20)

static int watched[PIDS_MAX], others[PIDS_MAX];
static int watchedCount, otherCount;

static void readAuxv(int pid) {
  char path[64], buffer[4096];
  snprintf(path, sizeof path, "/proc/%d/auxv", pid);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  if (read(file, buffer, sizeof buffer) < 0) buffer[0] = 0;
  close(file);
}

static void listOthers(void) {
  DIR *proc = opendir("/proc");
  if (proc == NULL) exit(1);
  otherCount = 0;
  for (struct dirent *entry; (entry = readdir(proc)) != NULL && otherCount < PIDS_MAX;) {
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') others[otherCount++] = atoi(entry->d_name);
  }
  closedir(proc);
}

int main(int count, char **words) {
  if (count != 2) return 64;
  int interval = atoi(words[1]);
  char *line = NULL;
  size_t room = 0;
  if (interval <= 0 || getline(&line, &room, stdin) <= 0) return 64;
  char *rest = line, *end;
  for (long pid; watchedCount < PIDS_MAX && (pid = strtol(rest, &end, 10)) > 0 && end != rest; rest = end) {
    watched[watchedCount++] = (int)pid;
  }
  puts("ok");
  fflush(stdout);
  int done = 0;
  for (long elapsed = MINUTE;; elapsed += interval) {
    if (elapsed >= MINUTE) {
      listOthers();
      elapsed = done = 0;
    }
    for (int at = 0; at < watchedCount; at++) readAuxv(watched[at]);
    long due = (elapsed + interval) * otherCount / MINUTE;
    for (; done < due && done < otherCount; done++) readAuxv(others[done]);
    struct pollfd input = {.fd = 0, .events = POLLIN};
    if (poll(&input, 1, interval) > 0) return 0;
  }
}
