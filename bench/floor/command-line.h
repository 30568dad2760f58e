// The command lines of the bench's services. KIND "plain": NAME is argv[0], a few words follow. KIND "jvm":
// argv[0] is the same for all, a class path of 300 KiB follows, and NAME is the last word, as of a service in
// Java.
#include <stddef.h>
#include <string.h>

#define CLASS_PATH_PART_BYTES (100 * 1024)

static char **commandLine(char *name, const char *kind) {
  static char *plain[] = {NULL, "--config", "/etc/bench/bench.conf", "--foreground", NULL};
  static char part[CLASS_PATH_PART_BYTES];
  static char *jvm[] = {"/usr/lib/bench/jdk/bin/java", "-Xmx2g", "-cp", part, part, part, NULL, NULL};
  if (strcmp(kind, "jvm") != 0) {
    plain[0] = name;
    return plain;
  }
  static const char jar[] = "/opt/bench/lib/some-library-1.2.3.jar:";
  for (size_t at = 0; at < sizeof part - 1; at++) part[at] = jar[at % (sizeof jar - 1)];
  jvm[6] = name;
  return jvm;
}
