# Becomes Node, or ends with 70: never with 0 or 1, whatever is wrong with Node or with psaver. The two launchers
# read it. They have set ps_program, ps_here (their own folder), ps_flags (what Node is started with), ps_few (not empty
# where fewer than 64 files may be open) and, where there are limits of memory, ps_bounded (the seconds in which Node
# has to say that it works). An ordinary start runs no program but Node: the shell itself sees what has changed. Names
# begin with ps_, since restart scripts inherit the environment of pcheck.

# A shell reads what is in braces to its end before it does any of it: so it does nothing where this file was cut.
{
  ps_starter=$ps_here/../dist/$ps_program.cjs

  ps_fail() {
    printf '%s: %s\n' "$ps_program" "$1" >&2
    exit 70
  }

  # Node would open /dev/null in the place of a closed standard output, and lose without a word what is printed.
  [ -e /proc/self/fd/1 ] || [ ! -e /proc/self ] || exec 1</dev/null

  # With fewer than some twenty Node would end with 1.
  [ -z "$ps_few" ] || ps_fail 'the limit of open files is too low (ulimit -n): it needs 64 at least'

  set -f
  IFS=:
  ps_node=
  for ps_folder in $PATH; do
    ps_folder=${ps_folder:-.}
    [ -f "$ps_folder/node" ] && [ -x "$ps_folder/node" ] && ps_node=$ps_folder/node && break
  done
  unset IFS
  set +f
  [ -n "$ps_node" ] || ps_fail "node is not in PATH ($PATH); psaver needs Node 20.19 or later"
  [ -r "$ps_starter" ] || ps_fail "$ps_starter is missing: run npm run build, or install psaver again"

  # What changes Node before it reads a program. NODE_EXTRA_CA_CERTS costs 38 ms a start; nothing here speaks TLS.
  unset NODE_OPTIONS NODE_EXTRA_CA_CERTS OPENSSL_CONF NODE_ICU_DATA NODE_CHANNEL_FD NODE_CHANNEL_SERIALIZATION_MODE
  unset NODE_V8_COVERAGE NODE_COMPILE_CACHE NODE_DEBUG NODE_DEBUG_NATIVE NODE_PENDING_DEPRECATION NODE_USE_ENV_PROXY
  unset NODE_REDIRECT_WARNINGS NODE_PRESERVE_SYMLINKS NODE_PRESERVE_SYMLINKS_MAIN

  # Where pcheck listens: only its owner can enter it (src/system/real/runtime-directory.ts).
  ps_runtime=/run/psaver
  if [ ! -O "$ps_runtime" ]; then
    while read -r ps_key ps_uid _; do [ "$ps_key" = Uid: ] && break; done 2>/dev/null </proc/self/status
    case $ps_uid,${XDG_RUNTIME_DIR-} in
      0,*) ;;
      *,/*) ps_runtime=$XDG_RUNTIME_DIR/psaver ;;
      *) ps_runtime=${TMPDIR:-/tmp}/psaver-$ps_uid ;;
    esac
  fi
  ps_seen=$ps_runtime/$ps_program

  # Linux 5.14 tells it; before, name and time have to do.
  ps_inode() {
    while read -r ps_key ps_value; do [ "$ps_key" = ino: ] && ps_this="$ps_this $ps_value"; done
  }
  ps_this=
  ps_inode 2>/dev/null 9<"$ps_node" </proc/self/fdinfo/9
  ps_inode 2>/dev/null 9<"$ps_starter" </proc/self/fdinfo/9
  ps_this="$ps_node$ps_this $ps_flags;"

  # This Node and this starter were seen to work: they were last changed when the two files here were, which take the
  # times of them. Whoever could write there would only choose which of ps_flags are left out.
  ps_remembered() {
    [ -O "$ps_runtime" ] && [ ! -L "$ps_runtime" ] || return
    ps_same_time "$ps_node" "$ps_seen.node" && ps_same_time "$ps_starter" "$ps_seen.dist" || return
    { read -r ps_known && read -r ps_unknown; } <"$ps_seen.node" && [ "$ps_known" = "$ps_this" ]
  }

  ps_same_time() {
    [ -O "$2" ] && ! [ "$1" -nt "$2" ] && ! [ "$1" -ot "$2" ]
  }

  ps_remember() {
    [ "$ps_program" = padmin ] || [ -e "$ps_runtime" ] || mkdir -p -m 700 "$ps_runtime"
    [ -O "$ps_runtime" ] && [ ! -L "$ps_runtime" ] || return
    case $(ls -ld "$ps_runtime") in drwx------*) ;; *) return ;; esac
    : >"$ps_seen.$$" && touch -r "$ps_starter" "$ps_seen.$$" && mv -f "$ps_seen.$$" "$ps_seen.dist" &&
      printf '%s\n' "$ps_this" "$ps_unknown" >"$ps_seen.$$" && touch -r "$ps_node" "$ps_seen.$$" &&
      mv -f "$ps_seen.$$" "$ps_seen.node"
  } 2>/dev/null

  # Whether Node runs with these flags, and the starter is whole. Where memory is short Node may also wait for ever.
  ps_line='
'
  ps_runs() {
    ps_answer=$($ps_limit "$ps_node" "$@" "$ps_here/../dist/psaver.cjs" "$ps_node" "$ps_starter" 2>&1 </dev/null)
    case "$ps_line$ps_answer$ps_line" in
      *"${ps_line}psaver: node itself$ps_line"*) ps_is_itself=yes ;;
      *"${ps_line}psaver: node behind it$ps_line"*) ps_is_itself= ;;
      *) return 1 ;;
    esac
  }

  ps_ask() {
    ps_limit=
    ! command -v timeout >/dev/null || ps_limit="timeout -s KILL ${ps_bounded:-30}"
    ps_unknown=
    ps_runs $ps_flags && return
    if [ -z "$ps_flags" ] || ! ps_runs; then
      case $ps_answer in
        'psaver: '*) ps_fail "${ps_answer#psaver: }" ;;
        *) ps_fail "$ps_node cannot run psaver: ${ps_answer:-it says nothing}" ;;
      esac
    fi
    for ps_flag in $ps_flags; do
      ps_runs "$ps_flag" || ps_unknown="${ps_unknown:+$ps_unknown }$ps_flag"
    done
    ps_choose
    ps_runs $ps_usable || ps_unknown=$ps_flags
  }

  # All flags but those that are unknown.
  ps_choose() {
    ps_usable=
    for ps_flag in $ps_flags; do
      case " $ps_unknown " in *" $ps_flag "*) ;; *) ps_usable="$ps_usable $ps_flag" ;; esac
    done
  }

  # Limits of memory are not the Node's own: with them it is asked every time.
  if [ -n "$ps_bounded" ]; then
    ps_ask
  elif ! ps_remembered; then
    ps_ask
    # One that starts another Node may start yet another one tomorrow: that one may not know a flag.
    [ -n "$ps_flags" ] && [ -z "$ps_is_itself" ] || ps_remember
  fi

  ps_choose
  [ -z "$ps_unknown" ] ||
    printf '%s: %s does not know %s: started without, it may need more memory\n' \
      "$ps_program" "$ps_node" "$ps_unknown" >&2

  # bash alone forgets the trap here, and would end with 126 or 127.
  [ -z "${BASH_VERSION-}" ] || shopt -s execfail
  exec "$ps_node" $ps_usable "$ps_starter" "$@"
  exit 70
}
