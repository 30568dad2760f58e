#!/bin/sh
# Waits for the end of every Tomcat that node/java has started, and writes down when that was.
#
#   record-ends.sh FOLDER
cd "$1" || exit
while sleep 0.05; do
  for start in *.life.start; do
    life=${start%.start}
    [ -e "$start" ] && [ ! -e "$life.watched" ] || continue
    : >"$life.watched"
    flock --shared "$life" sh -c 'date +%s.%N >"$0.end"' "$life" &
  done
done
