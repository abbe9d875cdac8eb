#!/bin/sh
# Makes the secrets that docker-compose.yml reads, once; what is there already stays as it is. Ends with an error, and
# writes nothing, where one cannot be made.
# Secrets are readable inside of containers for whatever user they run as, closed to others outside by the folder.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=$here/secrets

for program in head od base64 tr date; do
  command -v "$program" >/dev/null || { echo "$program is needed to make secrets, and is not installed." >&2; exit 69; }
done

keep() {
  if [ -s "$folder/$1" ]; then
    echo "$1: is there already"
    return
  fi
  rm -f "$folder/$1"
  printf '%s' "$2" >"$folder/$1"
  chmod 444 "$folder/$1"
  echo "$1: made"
}
random_hex() { head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
random_base64() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }

postgres_password=$(random_hex)
lahetti_database_password=$(random_hex)
temporal_database_password=$(random_hex)
key=$(random_base64)
for made in "$postgres_password" "$lahetti_database_password" "$temporal_database_password" "$key"; do
  [ "${#made}" -ge 44 ] || { echo "/dev/urandom gave too little for a secret. Nothing was written." >&2; exit 74; }
done

umask 077
mkdir -p "$folder"
keep postgres_password "$postgres_password"
keep lahetti_database_password "$lahetti_database_password"
keep temporal_database_password "$temporal_database_password"
keep database_url "postgres://lahetti:$(cat "$folder/lahetti_database_password")@postgres:5432/lahetti"
keep lahetti_secret_keys "$(date +%Y):$key"

# What compose mounts into containers that run as other users: a checkout under umask 077 would keep it from them.
for file in Caddyfile make-databases.sh temporal-schema.sh temporal-server.sh temporal-namespace.sh temporal-limits.yaml; do
  [ ! -e "$here/$file" ] || chmod a+r "$here/$file"
done

echo "Keep a copy of $folder/lahetti_secret_keys apart from the backups: without it the shops' tokens cannot be read."
