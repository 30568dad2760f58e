#!/bin/sh
# Starts the service in the background; as a restart script it becomes the service.
[ -z "$PSAVER_RUN" ] || exec "$(dirname "$0")"/service 86400
"$(dirname "$0")"/service 86400 &
