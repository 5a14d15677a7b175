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
. docker/lib/own_services.sh

main() {
    require_docker
    command -v cargo >/dev/null || fail "cargo is needed to build the worker, and is not installed here" \
        "Install Rust 1.94 or newer with rustup, and a C compiler (gcc)."
    docker/images.sh --without-worker
    step "RabbitMQ, PostgreSQL and the worker"
    quietly "cargo build --release" cargo build --locked --release -p assize -p assize-bench
    own_services
    step "The benchmark"
    [ $# -gt 0 ] || set -- --json docs/benchmarks.json --svg docs/benchmarks.svg --markdown docs/benchmarks.md
    target/release/assize-bench --service "${services[0]}" --service "${services[1]}" "$@"
}

main "$@"
