#!/usr/bin/env bash
# Everything that has to pass: style, lints, documentation, tests on a real Docker Engine, RabbitMQ and
# PostgreSQL. Starts what it needs and removes it; the images stay, for the next run.
#
#   ASSIZE_INSTALL_DOCKER=1    install and start Docker where it is missing (Debian, as root)
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh

# The places at which tests let a worker die; nothing else is built with them.
features=(--features assize/failpoints)

main() {
    require_docker
    require_cargo
    command -v python3 >/dev/null || fail "python3 is needed to run the tests, and is not installed here"
    docker/images.sh --without-worker
    step "Style and lints"
    quietly "cargo fmt --check" cargo fmt --all --check
    quietly "cargo clippy" cargo clippy --locked --workspace --all-targets "${features[@]}" -- -D warnings
    quietly "cargo doc" env RUSTDOCFLAGS='-D warnings' cargo doc --locked --workspace --no-deps "${features[@]}"
    step "Tests"
    # The boxes of this run are told from those of any other worker by its name.
    export ASSIZE__WORKER__ID=test-$$-$RANDOM
    cargo test --locked --workspace "${features[@]}"
    nothing_is_left
}

require_cargo() {
    command -v cargo >/dev/null && return
    fail "cargo is needed to run the tests, and is not installed here" \
        "Install Rust 1.94 or newer with rustup, and a C compiler (gcc)."
}

nothing_is_left() {
    local left
    left=$(docker ps -a --filter label=io.assize.boot --format '{{.Label "io.assize.worker"}} {{.ID}} {{.Status}}' |
        grep "^$ASSIZE__WORKER__ID") || true
    [ -z "$left" ] || fail "the tests left boxes behind" "$left"
    say "No box is left behind."
}

main
