#!/bin/sh
# Starts the service and, in the same process group, something that does not match.
"$(dirname "$0")"/service 86400 &
[ -z "$PSAVER_RUN" ] || sleep 1000 &
