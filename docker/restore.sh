#!/usr/bin/env bash
# Puts back what docker/backup.sh wrote, in place of the database that is there. The backup is read into a second
# database while everything runs; then everything that uses the first one is stopped, the second one takes its place in
# one step, and what ran is started again. Either all of it is restored, or nothing is changed.
#
#   docker/restore.sh assize.dump
#   ASSIZE_YES=1   answers yes
set -euo pipefail
called_in=$PWD
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/portable.sh
. docker/lib/engine.sh

# Services of docker-compose.yml that use the database.
USERS='worker worker-nsjail serve'

main() {
    [ $# -eq 1 ] || fail "a file is needed to restore from" "usage: docker/restore.sh FILE"
    local file
    file=$(absolute "$called_in" "$1")
    [ -s "$file" ] || fail "$file is not there, or is empty" "docker/backup.sh writes one."
    say "This replaces every stored verdict by those in $file."
    agreed ASSIZE_YES "Restore it?" ||
        fail "nothing was restored" "Answer y at a terminal, or run:  ASSIZE_YES=1 docker/restore.sh $file"
    quietly "Starting PostgreSQL" docker/compose.sh up -d --wait postgres
    step "Restoring $file"
    read_into_second "$file"
    stopped=$(running_users)
    # However this ends from here on, what ran runs again.
    AT_EXIT=start_stopped
    # shellcheck disable=SC2086 # one service per word is meant
    [ -z "$stopped" ] || quietly "Stopping $stopped" compose stop $stopped
    local exchanged=yes
    exchange || exchanged=''
    [ -z "$stopped" ] || quietly "Starting $stopped" start_stopped
    AT_EXIT=''
    [ -n "$exchanged" ] || fail "the databases could not be exchanged, so the one of before is still in use" \
        "See above for the reason, and run this again."
    quietly "Removing the database of before" database 'DROP DATABASE IF EXISTS assize_before WITH (FORCE)'
    say "Restored. Submissions that were sent since that backup have to be sent again; others keep their verdicts."
}

# usage: read_into_second FILE   A second database that an earlier run has left is made anew.
read_into_second() {
    database 'DROP DATABASE IF EXISTS assize_restored WITH (FORCE)'
    database 'CREATE DATABASE assize_restored OWNER assize'
    compose exec -T postgres pg_restore -U assize --dbname=assize_restored --exit-on-error --single-transaction <"$1" &&
        return
    database 'DROP DATABASE assize_restored WITH (FORCE)'
    fail "$1 cannot be restored; the database is as it was, and nothing was stopped"
}

start_stopped() {
    # shellcheck disable=SC2086 # one service per word is meant
    [ -z "$stopped" ] || compose start $stopped
}

# Those that run, in one line.
running_users() {
    local service found=''
    for service in $USERS; do
        [ -z "$(compose ps -q --status running "$service" 2>/dev/null)" ] || found="$found $service"
    done
    echo "${found# }"
}

# Both names change in one transaction: a power failure leaves the one database in use or the other. Clients that are no
# service, such as a psql that was left open, are sent away before, since a database that is in use keeps its name.
exchange() {
    database 'DROP DATABASE IF EXISTS assize_before WITH (FORCE)' &&
        database "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'assize';
            ALTER DATABASE assize RENAME TO assize_before;
            ALTER DATABASE assize_restored RENAME TO assize"
}

# usage: database STATEMENTS   As one transaction, where there are several.
database() {
    compose exec -T -e PGOPTIONS=--client-min-messages=warning postgres \
        psql -U assize -d postgres -q -o /dev/null -v ON_ERROR_STOP=1 -c "$1" </dev/null
}

# With the services that are started only when they are named.
compose() {
    docker/compose.sh --profile nsjail "$@"
}

main "$@"
