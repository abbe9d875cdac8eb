#!/bin/sh
# The server takes its database's password from its environment alone; ours lies in a file.
set -eu

POSTGRES_PWD=$(cat /run/secrets/temporal_database_password)
export POSTGRES_PWD

exec sh /etc/temporal/entrypoint.sh
