#!/bin/sh
"$(dirname "$0")"/daemon.sh &
