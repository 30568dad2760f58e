#!/bin/sh
# Starts the service; as a restart script it then waits for ever, as one does that forgot an &.
"$(dirname "$0")"/service 86400 &
[ -z "$PSAVER_RUN" ] || wait
