#!/bin/sh
# Starts the service the first time only; as a restart script it fails.
[ -z "$PSAVER_RUN" ] || { echo "no licence left" >&2; exit 3; }
"$(dirname "$0")"/service 86400 &
