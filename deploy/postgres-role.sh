#!/bin/sh
# The role that the processes connect as. It owns nothing: migrate gives it the use of the tables (DATABASE_ROLE). Runs once, on a new volume.
set -eu

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_USER" \
  --command "create role mypay_app login nosuperuser nocreatedb nocreaterole password 'mypay_app'"
