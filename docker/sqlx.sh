#!/usr/bin/env bash
# Writes .sqlx anew: what PostgreSQL says about each SQL statement of the source, so that Assize compiles without a database.
#
#   docker/sqlx.sh           after a change of a statement or of migrations/
#   docker/sqlx.sh --check   fails where .sqlx is not what PostgreSQL says now
#
# It needs the image assize/postgres:17 (docker/images.sh makes it), Docker and cargo.
set -euo pipefail
cd "$(dirname "$0")/.."

postgres=$(docker run -d --rm --label io.assize=1 -e POSTGRES_USER=assize -e POSTGRES_PASSWORD=only-for-this \
    -e POSTGRES_DB=assize -p 127.0.0.1::5432 assize/postgres:17)
described=$(mktemp -d)
trap 'docker rm -fv "$postgres" >/dev/null; rm -rf "$described"' EXIT

for _ in $(seq 60); do
    docker exec "$postgres" psql -qh 127.0.0.1 -U assize -c 'SELECT 1' assize >/dev/null 2>&1 && break
    sleep 1
done
cat migrations/*.sql | docker exec -i "$postgres" psql -qv ON_ERROR_STOP=1 -U assize assize >/dev/null

port=$(docker port "$postgres" 5432/tcp | head -n 1 | sed 's/.*://')
# The statements are only described while they are compiled.
touch src/lib.rs
SQLX_OFFLINE=false SQLX_OFFLINE_DIR="$described" \
    DATABASE_URL="postgres://assize:only-for-this@127.0.0.1:$port/assize" cargo check -q --locked -p assize --lib

if [ "${1:-}" = --check ]; then
    diff -r .sqlx "$described" || {
        echo "the statements have changed: run docker/sqlx.sh and commit .sqlx" >&2
        exit 1
    }
else
    rm -rf .sqlx
    mkdir .sqlx
    cp "$described"/*.json .sqlx/
fi
