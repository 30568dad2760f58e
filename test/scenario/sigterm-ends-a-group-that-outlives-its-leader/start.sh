#!/bin/sh
# Starts the service the first time only; as a restart script it waits for children that ignore SIGTERM, as it
# does not itself.
if [ -z "$PSAVER_RUN" ]; then
  "$(dirname "$0")"/service 86400 &
  exit
fi
(trap '' TERM; exec sleep 1000) &
wait
