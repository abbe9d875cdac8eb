#!/bin/sh
# Brings the engine's two databases to the schema of this version of the server. Harmless when it was done before.
set -eu

SQL_PASSWORD=$(cat "${SECRETS:-/run/secrets}/temporal_database_password")
export SQL_PASSWORD

tool() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --endpoint "$POSTGRES_SEEDS" --port "${DB_PORT:-5432}" --user "$POSTGRES_USER" \
    --database "$database" "$@"
}

for pair in temporal:temporal temporal_visibility:visibility; do
  database=${pair%%:*}
  schema=${pair#*:}
  # Leaves a schema that has a version alone.
  tool "$database" setup-schema --version 0.0
  tool "$database" update-schema --schema-name "postgresql/v12/$schema"
done
