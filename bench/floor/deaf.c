// Binds a datagram socket to PATH, as a syslog daemon does, never reads it, and becomes the command that
// follows.
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count < 3) return 64;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", words[1]);
  int socketFile = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (bind(socketFile, (struct sockaddr *)&address, sizeof address) != 0) return 1;
  int full = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  if (connect(full, (struct sockaddr *)&address, sizeof address) != 0) return 1;
  while (send(full, "full", 4, 0) == 4) continue;
  if (fork() == 0) {
    for (;;) pause();
  }
  close(full);
  close(socketFile);
  execv(words[2], words + 2);
  return 1;
}
