// The floor of "death to script": waits for pidfds in one epoll and starts the restart program with
// posix_spawn, nothing else. Words: RESTART RECORD SERVICE KIND. Input lines "PID NAME" say whom to watch
// from now on, and are answered with "ok".
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct watched {
  int pidfd;
  char name[4096];
};

static void watch(int epoll, char *line) {
  struct watched *one = malloc(sizeof *one);
  char *name;
  pid_t pid = (pid_t)strtol(line, &name, 10);
  snprintf(one->name, sizeof one->name, "%s", name + 1);
  one->name[strcspn(one->name, "\n")] = 0;
  one->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (one->pidfd < 0) exit(1);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = one};
  epoll_ctl(epoll, EPOLL_CTL_ADD, one->pidfd, &event);
}

int main(int count, char **words) {
  if (count != 5) return 64;
  signal(SIGCHLD, SIG_IGN);
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &input);
  // As pcheck does: a service must not hold what its supervisor talks through.
  posix_spawn_file_actions_t silent;
  posix_spawn_file_actions_init(&silent);
  for (int file = 0; file < 3; file++) posix_spawn_file_actions_addopen(&silent, file, "/dev/null", O_RDWR, 0);
  setvbuf(stdin, NULL, _IONBF, 0);
  for (;;) {
    struct epoll_event event;
    if (epoll_wait(epoll, &event, 1, -1) != 1) continue;
    struct watched *one = event.data.ptr;
    if (one == NULL) {
      char line[4200];
      if (fgets(line, sizeof line, stdin) == NULL) return 0;
      watch(epoll, line);
      if (write(1, "ok\n", 3) != 3) return 1;
      continue;
    }
    // Closing is not enough: the child of a spawn has the same pidfd open until it execs, and epoll would
    // tell of it again.
    epoll_ctl(epoll, EPOLL_CTL_DEL, one->pidfd, NULL);
    char *argv[] = {words[1], words[2], words[3], one->name, words[4], NULL};
    pid_t pid;
    posix_spawn(&pid, words[1], &silent, NULL, argv, environ);
    close(one->pidfd);
    free(one);
  }
}
