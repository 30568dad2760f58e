#!/bin/sh
# Takes its time between the decision and the end.
sleep 2
