// A process that does nothing: what is watched, and what else runs on the machine.
#include <unistd.h>

int main(void) {
  for (;;) pause();
}
