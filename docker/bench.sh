#!/usr/bin/env bash
# Measures the worker on this machine: builds it for release, starts a RabbitMQ and a PostgreSQL that
# no other program uses, runs `assize-bench` with the arguments given here, and removes both. Where it is run by root, a
# jailer of its own stands beside them, and boxes by nsjail are measured too.
#
#   docker/bench.sh                        everything; writes docs/benchmarks.{json,svg,md}
#   docker/bench.sh W1 --rounds 5          only this, and writes nothing
#   docker/bench.sh doors calls            the same for other rows; --help lists them
#   ASSIZE_INSTALL_DOCKER=1                install and start Docker where it is missing (Debian, as root)
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/base.sh
. docker/lib/binaries.sh
. docker/lib/own_services.sh

JAILER_GROUP=assize-bench-$$

main() {
    require_docker
    command -v cargo >/dev/null || fail "cargo is needed to build the worker, and is not installed here" \
        "Install Rust 1.94 or newer with rustup, and a C compiler (gcc)."
    docker/images.sh --without-worker
    step "RabbitMQ, PostgreSQL and the worker"
    quietly "cargo build --release" cargo build --locked --release -p assize -p assize-bench
    ! can_jail || provide_jail
    own_services
    ! can_jail || start_jailer
    step "The benchmark"
    [ $# -gt 0 ] || set -- --json docs/benchmarks.json --svg docs/benchmarks.svg --markdown docs/benchmarks.md
    target/release/assize-bench --service "${services[0]}" --service "${services[1]}" "$@"
}

# Boxes by nsjail are made by root only, and its package is for one kind of machine.
can_jail() {
    [ "$(id -u)" -eq 0 ] && [ "$(uname -m)" = x86_64 ]
}

provide_jail() {
    docker/nsjail.sh "$PWD/target/jail/nsjail"
    docker/roots.sh "$PWD/target/jail/roots"
    quietly "Building the jailer (static) with cargo" build_jailer
}

# A jailer with a socket and a control group of its own, which ends with this script.
start_jailer() {
    jail=$(mktemp -d)
    ASSIZE_JAILER_LISTEN=$jail/jailer.sock \
        ASSIZE_JAILER_NSJAIL=$PWD/target/jail/nsjail/bin/nsjail \
        ASSIZE_JAILER_ROOTS=$PWD/target/jail/roots \
        ASSIZE_JAILER_GROUP=$JAILER_GROUP \
        "$BINARIES/assize-jailer" 2>"$jail/log" &
    jailer=$!
    trap 'remove_services; stop_jailer' EXIT
    wait_until listens_or_ended
    if [ -S "$jail/jailer.sock" ]; then
        export ASSIZE__SANDBOX__NSJAIL__SOCKET=$jail/jailer.sock
    else
        say "Boxes by nsjail are not measured, for the jailer does not start: $(tail -n 1 "$jail/log")"
    fi
}

listens_or_ended() {
    [ -S "$jail/jailer.sock" ] || ! kill -0 "$jailer"
}

# A jailer leaves its control group to the next one of that name, and there is none.
stop_jailer() {
    kill "$jailer" 2>/dev/null || true
    wait "$jailer" || true
    rm -r "$jail"
    find /sys/fs/cgroup -depth -type d -path "*/$JAILER_GROUP*" -exec rmdir {} + || true
}

main "$@"
