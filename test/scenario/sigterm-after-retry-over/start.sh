#!/bin/sh
# Starts the service in the background.
"$(dirname "$0")"/service 86400 &
