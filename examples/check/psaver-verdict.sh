#!/bin/sh
# Tells a manager whether a service may stay where it is: reads the verdict of its pcheck, prints one line, and
# ends with 0 (it may stay) or 1 (move it). Starts no other program, and waits for nothing.
#
#   psaver-verdict.sh [-f VERDICT]… [-n] FILE
#
#   FILE        /run/psaver-verdict/IPCKEY, with the IPCKEY as 0x and eight digits (the link SHM_DUMP_FILE.verdict
#               leads there, but its disk may be stuck just when it matters)
#   -f VERDICT  this verdict is a failure too: degraded, or starting
#   -n          do not look whether pcheck's process is there: for who sees other processes than pcheck does, as in a
#               container. A dead pcheck is then found only when its verdict becomes stale

usage() {
  echo "usage: psaver-verdict.sh [-f degraded|starting]... [-n] FILE" >&2
  exit 64
}

stays() {
  printf '%s\n' "$1"
  exit 0
}

moves() {
  printf '%s\n' "$1"
  exit 1
}

too=' '
looks=yes
while getopts f:n option; do
  case $option in
    f) too="$too$OPTARG " ;;
    n) looks=no ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || usage

verdict='' at='' until='' pid=''
# Beside the dump file others may be able to lay something else: a FIFO would be waited for.
[ -f "$1" ] && [ -r "$1" ] ||
  moves "no verdict: $1 is not there: pcheck was not started since the boot, or cannot write it"
{
  IFS= read -r verdict
  read -r at until pid _
} <"$1"
read -r now _ </proc/uptime

case $pid in
  '' | *[!0-9]*) moves "no verdict: $1 is not one" ;;
esac
case $at$until in
  *[!0-9.]*) moves "no verdict: $1 is not one" ;;
esac

# Nothing that could drive a terminal is printed.
case $verdict in
  *[[:cntrl:]]*) moves "no verdict: $1 is not one" ;;
esac

word=${verdict%% *}
case $word in
  ok | starting | degraded) ;;
  # Said at the end, and true for ever.
  failed | stopped) moves "$verdict" ;;
  *) moves "no verdict: $1 is not one" ;;
esac

# Whole seconds: a verdict of another boot is in the future, or behind its time.
[ "${now%.*}" -ge "${at%.*}" ] || moves "stale: of an earlier boot; it was: $verdict"
[ "${now%.*}" -le "${until%.*}" ] ||
  moves "stale: pcheck[$pid] has not said anything for $((${now%.*} - ${at%.*})) s; it was: $verdict"
# Where /proc hides processes (hidepid) the first one is not seen either, and nothing follows from that.
if [ $looks = yes ] && [ -d /proc/1 ] && ! [ -d "/proc/$pid" ]; then
  moves "dead: pcheck[$pid] is gone; it was: $verdict"
fi

case $too in
  *" $word "*) moves "$verdict" ;;
esac
stays "$verdict"
