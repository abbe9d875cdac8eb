#!/bin/sh
# Run by the PostgreSQL image at its first start: an owner and a database for us, and one owner and two databases for the
# engine. Neither can read the other's.
set -eu

make() {
  owner=$1
  password=$(cat "${SECRETS:-/run/secrets}/${owner}_database_password")
  [ -n "$password" ] || { echo "The password of $owner is empty: run deploy/compose/make-secrets.sh." >&2; exit 1; }
  shift
  psql --username "${POSTGRES_USER:-postgres}" --set=ON_ERROR_STOP=1 --set=owner="$owner" --set=password="$password" postgres <<'SQL'
create role :"owner" login password :'password';
SQL
  for database in "$@"; do
    psql --username "${POSTGRES_USER:-postgres}" --set=ON_ERROR_STOP=1 --set=owner="$owner" --set=database="$database" postgres <<'SQL'
create database :"database" owner :"owner";
revoke connect on database :"database" from public;
SQL
  done
}

make lahetti lahetti
make temporal temporal temporal_visibility
