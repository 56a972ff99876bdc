#!/bin/sh
# The namespace that keeps finished workflows 30 days, and its search attributes. May run again at each start.
set -eu

temporal operator namespace create --namespace default --retention 720h 2>/dev/null ||
  temporal operator namespace update --namespace default --retention 720h

for pair in EnteId=Keyword Iuv=Keyword FlowId=Keyword State=Keyword NeedsAttention=Bool; do
  temporal operator search-attribute create --namespace default --name "${pair%=*}" --type "${pair#*=}" ||
    temporal operator search-attribute list --namespace default | grep -q "${pair%=*}"
done
