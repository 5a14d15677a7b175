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
. docker/lib/own_services.sh

PROFILE=${ASSIZE_SCALE_PROFILE:-release}
# What counts messages, and what counts statements, with room for the connections of a fleet.
broker_options=(-p 127.0.0.1:0:15692)
database_options=(--shm-size 1g)
database_command=(postgres -c shared_preload_libraries=pg_stat_statements -c max_connections=2500
    -c shared_buffers=1GB -c max_wal_size=4GB)

main() {
    require_docker
    command -v cargo >/dev/null || fail "cargo is needed to build the workers, and is not installed here" \
        "Install Rust 1.94 or newer with rustup, and a C compiler (gcc)."
    docker image inspect assize/rabbitmq:4 assize/postgres:17 >/dev/null 2>&1 || docker/images.sh --without-worker
    step "RabbitMQ, PostgreSQL and the workers"
    [ "$PROFILE" = debug ] ||
        quietly "cargo build --release" cargo build --locked --release -p assize-bench
    own_services
    step "The simulation"
    # Each worker has two connections here, and the boxes pipes in memory.
    ulimit -n "$(ulimit -Hn)"
    # A connection has buffers for 64 frames, and there are thousands of connections in one process: small frames.
    ASSIZE__BROKER__URL+="?frame_max=16384"
    "target/$PROFILE/assize-scale" --broker-container "${services[0]}" --database-container "${services[1]}" \
        --broker-metrics "http://$(address "${services[0]}" 15692)/metrics" "$@"
}

main "$@"
