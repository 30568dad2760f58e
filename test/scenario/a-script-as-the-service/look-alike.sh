#!/bin/sh
# Another program that has the script open: it is older, but it is not the service.
tail -f "$(dirname "$0")"/daemon.sh >/dev/null &
