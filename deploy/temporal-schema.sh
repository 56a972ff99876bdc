#!/bin/sh
# Makes Temporal's two databases and brings their tables up to date. May run again at each start.
set -eu

for name in temporal temporal_visibility; do
  tool() { temporal-sql-tool --plugin postgres12 --ep postgres -p 5432 -u "$POSTGRES_USER" --db "$name" "$@"; }
  # The first two fail when there is a database already; the third one fails when it is not right.
  tool create || true
  tool setup-schema -v 0.0 || true
  tool update-schema -d "/etc/temporal/schema/postgresql/v12/${name#temporal_}/versioned"
done
