#!/bin/sh
# Restart script of pfile_tomcat: starts Tomcat (Debian's package tomcat10) in the background and returns.
# Status 0: Tomcat runs, also when it ran already. Any other: it does not; the reason is printed, or in catalina.out.
set -e

# The line to change: which Tomcat. /var/lib/tomcat10 is the one of Debian's tomcat10.service; another is a
# folder made by tomcat10-instance-create.
CATALINA_BASE=${CATALINA_BASE:-/var/lib/tomcat10}

# A Tomcat that cannot start (bad server.xml, bad JAVA_OPTS) is gone again within this time.
SETTLE_SECONDS=2

fail() {
  echo "tomcat_start.sh: $*" >&2
  exit 1
}

# The pid of the Tomcat that runs on this base. It goes by the process's own arguments: a PID file may be stale,
# `kill -0` takes a zombie for alive. Not meant: the java of `catalina.sh stop`, and a container's Tomcat.
running_tomcat() {
  for file in $(grep -lszxF "-e-Dcatalina.base=$CATALINA_BASE" /proc/[0-9]*/cmdline); do
    process=${file%/cmdline}
    grep -qszxF start "$file" || continue
    [ "$(readlink "$process/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] || continue
    echo "${process#/proc/}"
    return
  done
}

cd "$CATALINA_BASE" || fail "no such instance: $CATALINA_BASE"
# One spelling, with or without a slash at its end: running_tomcat compares it.
CATALINA_BASE=$(pwd)
CATALINA_HOME=${CATALINA_HOME:-/usr/share/tomcat10}
CATALINA_PID=${CATALINA_PID:-$CATALINA_BASE/work/catalina.pid}
export CATALINA_BASE CATALINA_HOME CATALINA_PID

# As tomcat10.service does it: its settings, its folder for temporary files, its user.
if [ "$(readlink -f .)" = "$(readlink -f /var/lib/tomcat10)" ]; then
  set -a
  . /etc/default/tomcat10
  . /usr/libexec/tomcat10/tomcat-locate-java.sh
  CATALINA_TMPDIR=${CATALINA_TMPDIR:-/tmp}
  set +a
  TOMCAT_USER=${TOMCAT_USER:-tomcat}
fi

# "$@" becomes the words before each command: none, or those that make it run as TOMCAT_USER.
set --
if [ -n "$TOMCAT_USER" ] && [ "$(id -u)" -eq 0 ]; then
  home=$(getent passwd "$TOMCAT_USER" | cut -d: -f6)
  [ -n "$home" ] || fail "no such user: $TOMCAT_USER"
  set -- setpriv "--reuid=$TOMCAT_USER" "--regid=$(id -g "$TOMCAT_USER")" --init-groups --no-new-privs \
    env "HOME=$home" "USER=$TOMCAT_USER" "LOGNAME=$TOMCAT_USER"
fi

pid=$(running_tomcat)
if [ -n "$pid" ]; then
  echo "tomcat_start.sh: Tomcat runs already on $CATALINA_BASE, pid $pid"
  exit 0
fi

# catalina.sh refuses to start while its PID file names any process that is still in the process table: a zombie,
# or another program that was given the same pid after a reboot.
"$@" rm -f "$CATALINA_PID" || fail "cannot remove $CATALINA_PID"

"$@" "$CATALINA_HOME/bin/catalina.sh" start || fail "catalina.sh start ended with status $?"

# Its status 0 only says that it tried.
sleep "$SETTLE_SECONDS"
pid=$(running_tomcat)
[ -n "$pid" ] || fail "Tomcat ended at once, see ${CATALINA_OUT:-$CATALINA_BASE/logs/catalina.out}"
echo "tomcat_start.sh: Tomcat runs on $CATALINA_BASE, pid $pid"
