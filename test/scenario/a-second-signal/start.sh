#!/bin/sh
# Starts the service the first time only; as a restart script it ignores SIGTERM and lingers.
if [ -z "$PSAVER_RUN" ]; then
  "$(dirname "$0")"/service 86400 &
  exit
fi
trap '' TERM
sleep 1000
