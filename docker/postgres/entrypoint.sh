#!/bin/sh
# Makes the database cluster on the first start, with the variables of the official image, then
# becomes the server.
set -eu

: "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD, the password of the first user}"
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

make_cluster() {
    secret=$(mktemp)
    printf '%s\n' "$POSTGRES_PASSWORD" >"$secret"
    # shellcheck disable=SC2086 # options, separated by blanks
    initdb --username="$user" --pwfile="$secret" --encoding=UTF8 --locale=C.UTF-8 \
        --auth-host=scram-sha-256 --auth-local=trust ${POSTGRES_INITDB_ARGS:-}
    rm -f "$secret"
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
}

# In single-user mode, so that no client can connect before the database is there. A cluster always
# has the database "postgres".
make_database() {
    [ "$database" = postgres ] && return
    printf 'CREATE DATABASE "%s" OWNER "%s";\n' "$database" "$user" | postgres --single -D "$PGDATA" postgres
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    make_cluster
    make_database
fi
# The compiler of queries is not in the image: without this, a query that the planner takes for a costly one fails.
case $1 in
postgres)
    shift
    set -- postgres -c jit=off "$@"
    ;;
esac
exec "$@"
