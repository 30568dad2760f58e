#!/bin/sh
# Starts the service; as a restart script it then waits for ever, with a child of its own
# beside it and one more in a session of its own.
"$(dirname "$0")"/daemon.sh &
[ -z "$PSAVER_RUN" ] || { sleep 1000 & setsid sleep 1001 & wait; }
