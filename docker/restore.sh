#!/usr/bin/env bash
# Puts back what docker/backup.sh wrote, in place of the database that is there. Stops the workers before, and starts
# them after. Either all of it is restored, or nothing is changed.
#
#   docker/restore.sh assize.dump
#   ASSIZE_YES=1   answers yes
set -euo pipefail
called_in=$PWD
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh

main() {
    [ $# -eq 1 ] || fail "a file is needed to restore from" "usage: docker/restore.sh FILE"
    local file
    file=$(cd "$called_in" && realpath -m "$1")
    [ -s "$file" ] || fail "$file is not there, or is empty" "docker/backup.sh writes one."
    say "This replaces every stored verdict by those in $file."
    agreed ASSIZE_YES "Restore it?" ||
        fail "nothing was restored" "Answer y at a terminal, or run:  ASSIZE_YES=1 docker/restore.sh $file"
    quietly "Stopping the workers" docker/compose.sh stop worker
    quietly "Starting PostgreSQL" docker/compose.sh up -d --wait postgres
    step "Restoring $file"
    database 'CREATE DATABASE assize_restored OWNER assize'
    if ! docker/compose.sh exec -T postgres \
        pg_restore -U assize --dbname=assize_restored --exit-on-error --single-transaction <"$file"; then
        database 'DROP DATABASE assize_restored'
        fail "$file cannot be restored; the database is as it was, and the workers are stopped" \
            "Start them again with:  docker/compose.sh start worker"
    fi
    database 'DROP DATABASE assize WITH (FORCE)'
    database 'ALTER DATABASE assize_restored RENAME TO assize'
    quietly "Starting the workers" docker/compose.sh start worker
    say "Restored. Submissions that were sent since that backup have to be sent again; others keep their verdicts."
}

# usage: database STATEMENT
database() {
    docker/compose.sh exec -T postgres psql -U assize -d postgres -q -v ON_ERROR_STOP=1 -c "$1"
}

main "$@"
