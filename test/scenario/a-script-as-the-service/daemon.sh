#!/bin/sh -e
# A service that waits for SIGTERM and then takes its helper along.
sleep 1000 &
trap 'kill $!; exit' TERM
wait
