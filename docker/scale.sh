#!/usr/bin/env bash
# Measures what many workers ask of RabbitMQ and PostgreSQL: builds for release, starts a RabbitMQ and a PostgreSQL
# that no other program uses, runs `assize-scale` with the arguments given here, and removes both. Boxes are
# simulated; no Docker image of a box is needed.
#
#   docker/scale.sh                                        10, 50, 100 and 200 workers with 8 slots
#   docker/scale.sh --workers 1000 --submissions 100000    --help lists the options
#   ASSIZE_SCALE_PROFILE=debug                             a program that was built already, as tests are
#   ASSIZE_INSTALL_DOCKER=1                                install and start Docker where it is missing (Debian, as root)
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh

PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
PROFILE=${ASSIZE_SCALE_PROFILE:-release}
services=()

main() {
    require_docker
    command -v cargo >/dev/null || fail "cargo is needed to build the workers, and is not installed here" \
        "Install Rust 1.94 or newer with rustup, and a C compiler (gcc)."
    docker image inspect assize/rabbitmq:4 assize/postgres:17 >/dev/null 2>&1 || docker/images.sh --without-worker
    step "RabbitMQ, PostgreSQL and the workers"
    [ "$PROFILE" = debug ] ||
        quietly "cargo build --release" cargo build --locked --release -p assize-bench
    say "Starting RabbitMQ and PostgreSQL"
    # Behind the last `quietly`, which has a trap of its own.
    trap remove_services EXIT
    start_services
    step "The simulation"
    # Each worker has two connections here, and the boxes pipes in memory.
    ulimit -n "$(ulimit -Hn)"
    # A connection has buffers for 64 frames, and there are thousands of connections in one process: small frames.
    ASSIZE__BROKER__URL="amqp://assize:$PASSWORD@$(address "${services[0]}" 5672)/%2f?frame_max=16384"
    ASSIZE__STORE__URL="postgres://assize:$PASSWORD@$(address "${services[1]}" 5432)/assize"
    export ASSIZE__BROKER__URL ASSIZE__STORE__URL
    "target/$PROFILE/assize-scale" --broker-container "${services[0]}" --database-container "${services[1]}" \
        --broker-metrics "http://$(address "${services[0]}" 15692)/metrics" "$@"
}

start_services() {
    start_service -p 127.0.0.1:0:5672 -p 127.0.0.1:0:15692 \
        -e RABBITMQ_DEFAULT_USER=assize -e RABBITMQ_DEFAULT_PASS="$PASSWORD" assize/rabbitmq:4
    start_service -p 127.0.0.1:0:5432 --shm-size 1g \
        -e POSTGRES_USER=assize -e POSTGRES_PASSWORD="$PASSWORD" -e POSTGRES_DB=assize assize/postgres:17 \
        postgres -c shared_preload_libraries=pg_stat_statements -c max_connections=2500 -c shared_buffers=1GB \
        -c max_wal_size=4GB
    wait_until docker exec "${services[0]}" rabbitmq-diagnostics -q check_port_connectivity
    wait_until docker exec "${services[1]}" pg_isready -q -h 127.0.0.1 -U assize -d assize
}

# usage: start_service OPTION... IMAGE [COMMAND...]
start_service() {
    services+=("$(docker run -d --hostname services --label io.assize.bench=scale "$@")")
}

# usage: wait_until COMMAND...
wait_until() {
    local deadline=$((SECONDS + 90))
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || { "$@"; return 1; }
        sleep 0.5
    done
}

# usage: address CONTAINER PORT
address() {
    docker port "$1" "$2/tcp" | head -n 1
}

remove_services() {
    [ ${#services[@]} -eq 0 ] || docker rm -fv "${services[@]}" >/dev/null
}

main "$@"
