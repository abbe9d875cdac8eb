#!/bin/sh
# Secrets come as files: DATABASE_URL_FILE=/run/secrets/database_url becomes DATABASE_URL. So they are in no image, in no
# compose file and in no `docker inspect`. Then the program takes our place, so that it hears SIGTERM itself.
set -eu

for name in DATABASE_URL LAHETTI_SECRET_KEYS LAHETTI_NOTICE_SECRET OTEL_EXPORTER_OTLP_HEADERS TEMPORAL_API_KEY; do
  eval "file=\${${name}_FILE:-}"
  # shellcheck disable=SC2154 # set by eval
  [ -n "$file" ] || continue
  if [ ! -r "$file" ]; then
    echo "${name}_FILE names $file, which cannot be read." >&2
    exit 78
  fi
  value=$(cat "$file")
  export "$name=$value"
  unset "${name}_FILE"
done

exec "$@"
