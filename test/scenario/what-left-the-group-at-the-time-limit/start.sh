#!/bin/sh
# Starts the service the first time only; as a restart script it hangs, with one child in a session of its own.
if [ -z "$PSAVER_RUN" ]; then
  "$(dirname "$0")"/service 86400 &
  exit
fi
setsid sleep 1000 &
sleep 1001 &
wait
