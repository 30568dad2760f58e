#!/bin/sh
# The way from new namespaces to a system of their own: run by machine.ts in new mount, PID, UTS, IPC, cgroup and
# network namespaces, it makes a root that is this machine's own, with everything written kept in memory, and then
# becomes the command that it is given (systemd, or true for a trial).
#
#   boot.sh NAME [SOURCE=TARGET…] [SOURCE==TARGET…] -- COMMAND…
#
# SOURCE, a file or folder of this machine, is seen at TARGET there and cannot be written, or, after two signs, can be.
# Prints the process id that this machine sees.
# All mounts are below the new namespace: they go with its last process.
set -eu

# /proc is still the outer one, and shows there who reads it.
read -r pid _ </proc/self/stat
name=$1
shift

mount --make-rprivate /
# A folder to build on that covers nothing which is needed in here, and that no SOURCE lies in.
base=/sys/kernel
mount -t tmpfs -o mode=755 tmpfs $base
mkdir $base/written $base/work $base/root
root=$base/root
mount -t overlay -o "lowerdir=/,upperdir=$base/written,workdir=$base/work" overlay $root

mount -t proc proc $root/proc
# What is written below /proc/sys and /sys would reach the machine outside; of the network there is one's own.
mount --bind $root/proc/sys $root/proc/sys
mount --bind $root/proc/sys/net $root/proc/sys/net
mount -o remount,bind,ro $root/proc/sys
[ ! -e $root/proc/sysrq-trigger ] || mount --bind /dev/null $root/proc/sysrq-trigger
mount -t sysfs -o ro sysfs $root/sys
mount -t cgroup2 cgroup2 $root/sys/fs/cgroup

mount -t tmpfs -o mode=755 tmpfs $root/dev
for device in null zero full random urandom tty; do
  : >$root/dev/$device
  mount --bind /dev/$device $root/dev/$device
done
ln -s /proc/self/fd $root/dev/fd
for link in 0=stdin 1=stdout 2=stderr; do ln -s "fd/${link%=*}" "$root/dev/${link#*=}"; done
mkdir $root/dev/shm $root/dev/pts
mount -t tmpfs -o mode=1777 tmpfs $root/dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts $root/dev/pts
ln -s pts/ptmx $root/dev/ptmx
mount -t tmpfs -o mode=755 tmpfs $root/run
mount -t tmpfs -o mode=1777 tmpfs $root/tmp

# Nothing of what this machine has enabled is started there: no generator, no unit of /etc, no early service but
# those below.
units=$root/etc/systemd/system
for folder in $units $root/lib/systemd/system-generators $root/lib/systemd/system/sysinit.target.wants; do
  mkdir -p "$folder"
  mount -t tmpfs -o mode=755 tmpfs "$folder"
done
cat >$units/machine.target <<'END'
[Unit]
Description=A machine for a test
Requires=sysinit.target
Wants=systemd-journald.service systemd-tmpfiles-setup.service
After=sysinit.target systemd-journald.service systemd-tmpfiles-setup.service
AllowIsolate=yes
END
mkdir -p $root/etc/systemd/journald.conf.d
cat >$root/etc/systemd/journald.conf.d/machine.conf <<'END'
[Journal]
Storage=volatile
RateLimitIntervalSec=0
ReadKMsg=no
END
: >$root/etc/fstab
rm -f $root/etc/hostname
echo "$name" >$root/etc/hostname

while [ "$1" != -- ]; do
  source=${1%%=*} target=$root${1##*=}
  if [ -d "$source" ]; then
    mkdir -p "$target"
  else
    mkdir -p "${target%/*}"
    : >"$target"
  fi
  mount --bind "$source" "$target"
  case $1 in *==*) ;; *) mount -o remount,bind,ro "$target" ;; esac
  shift
done
shift

mkdir $root/run/outside
cd $root
pivot_root . run/outside
umount -l run/outside
rmdir run/outside
echo "$pid"
exec "$@"
