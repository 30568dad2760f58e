#!/bin/sh
# The restart script: starts the service in the background and returns. pcheck sees the service itself, so
# the script need not report it. The path is the whole one, because NAME in the pfile is compared with it.
"${0%/*}/service.mjs" >>"${0%/*}/service.log" 2>&1 &
