#!/bin/sh
# Makes the secrets that docker-compose.yml reads, once; what is there already stays as it is.
# Readable inside of containers for whatever user they run as, closed to others outside by the folder.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)/secrets
umask 077
mkdir -p "$folder"

keep() {
  if [ -s "$folder/$1" ]; then
    echo "$1: is there already"
    return
  fi
  printf '%s' "$2" >"$folder/$1"
  chmod 444 "$folder/$1"
  echo "$1: made"
}
random_hex() { openssl rand -hex 24; }

keep postgres_password "$(random_hex)"
keep lahetti_database_password "$(random_hex)"
keep temporal_database_password "$(random_hex)"
keep database_url "postgres://lahetti:$(cat "$folder/lahetti_database_password")@postgres:5432/lahetti"
keep lahetti_secret_keys "$(date +%Y):$(openssl rand -base64 32)"
echo "Keep a copy of $folder/lahetti_secret_keys apart from the backups: without it the shops' tokens cannot be read."
