#!/bin/sh
# Becomes a standby of the server $PRIMARY: copies its data on the first start, and has it wait for this standby from then
# on, so that nothing that was confirmed is lost with the primary.
set -eu

export PGHOST="$PRIMARY" PGUSER="$POSTGRES_USER" PGPASSWORD="$POSTGRES_PASSWORD"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    until pg_isready -q -d "$POSTGRES_DB"; do sleep 1; done
    # -R writes where the primary is; a copy that was broken off is made anew.
    find "$PGDATA" -mindepth 1 -delete
    pg_basebackup --pgdata="$PGDATA" --wal-method=stream --checkpoint=fast --write-recovery-conf
    psql -q -d "$POSTGRES_DB" -c "ALTER SYSTEM SET synchronous_standby_names = '*'" -c 'SELECT pg_reload_conf()' >/dev/null
fi
unset PGHOST PGUSER PGPASSWORD
exec "$@"
