#!/usr/bin/env bash
# Measures the worker on this machine: builds it for release, starts a RabbitMQ and a PostgreSQL that
# no other program uses, runs `assize-bench` with the arguments given here, and removes both.
#
#   docker/bench.sh                        everything; writes docs/benchmarks.{json,svg,md}
#   docker/bench.sh W1 --rounds 5          only this, and writes nothing
#   docker/bench.sh doors calls            the same for other rows; --help lists them
#   ASSIZE_INSTALL_DOCKER=1                install and start Docker where it is missing (Debian, as root)
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh

PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
services=()

main() {
    require_docker
    command -v cargo >/dev/null || fail "cargo is needed to build the worker, and is not installed here" \
        "Install Rust 1.94 or newer with rustup, and a C compiler (gcc)."
    docker/images.sh --without-worker
    step "RabbitMQ, PostgreSQL and the worker"
    quietly "cargo build --release" cargo build --locked --release -p assize -p assize-bench
    say "Starting RabbitMQ and PostgreSQL"
    # Behind the last `quietly`, which has a trap of its own.
    trap remove_services EXIT
    start_services
    step "The benchmark"
    [ $# -gt 0 ] || set -- --json docs/benchmarks.json --svg docs/benchmarks.svg --markdown docs/benchmarks.md
    ASSIZE__BROKER__URL="amqp://assize:$PASSWORD@$(address "${services[0]}" 5672)/%2f"
    ASSIZE__STORE__URL="postgres://assize:$PASSWORD@$(address "${services[1]}" 5432)/assize"
    export ASSIZE__BROKER__URL ASSIZE__STORE__URL
    target/release/assize-bench --service "${services[0]}" --service "${services[1]}" "$@"
}

start_services() {
    start_service assize/rabbitmq:4 5672 -e RABBITMQ_DEFAULT_USER=assize -e RABBITMQ_DEFAULT_PASS="$PASSWORD"
    start_service assize/postgres:17 5432 -e POSTGRES_USER=assize -e POSTGRES_PASSWORD="$PASSWORD" -e POSTGRES_DB=assize
    wait_until docker exec "${services[0]}" rabbitmq-diagnostics -q check_port_connectivity
    wait_until docker exec "${services[1]}" pg_isready -q -h 127.0.0.1 -U assize -d assize
}

# usage: start_service IMAGE PORT OPTION...
start_service() {
    local image=$1 port=$2
    shift 2
    services+=("$(docker run -d --hostname services --label io.assize.bench=services \
        -p "127.0.0.1:0:$port" "$@" "$image")")
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
