#!/bin/sh
# Makes our namespace, where it is missing. Closed orders are kept 30 days, as the embedded engine keeps them. Search
# attributes and schedules are the workers' to make.
set -eu

tries=0
until temporal operator cluster health --address "$TEMPORAL_ADDRESS"; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "$TEMPORAL_ADDRESS does not serve." >&2; exit 1; }
  sleep 2
done

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" --address "$TEMPORAL_ADDRESS" >/dev/null 2>&1; then
  echo "The namespace $TEMPORAL_NAMESPACE is there already."
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 720h --address "$TEMPORAL_ADDRESS"
fi
