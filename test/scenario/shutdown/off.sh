#!/bin/sh
# Shows that it was run, and with its argument, by what it leaves behind.
[ "$1" = now ] && "$(dirname "$0")"/service 1000 &
