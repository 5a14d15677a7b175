#!/usr/bin/env bash
# Thousands of submissions through two workers, of which one is killed every few seconds, while the broker
# is restarted: every promise of docs/reliability.md has to hold. Fails also when it takes too long.
# Once over RabbitMQ, and once through two HTTP services, of which one is killed too.
# It starts a RabbitMQ and a PostgreSQL that no other program uses, and removes them.
#
#   docker/soak.sh                         2000 submissions, each way
#   docker/soak.sh amqp                    only over RabbitMQ
#   docker/soak.sh http                    only over HTTP
#   docker/soak.sh nsjail                  over RabbitMQ, with boxes by nsjail (root)
#   ASSIZE_SOAK_SUBMISSIONS=500            so many
#   ASSIZE_SOAK_SECONDS=600                at most so long each; else 20 minutes
#   ASSIZE_SOAK_REPORT=FILE                also writes the report over RabbitMQ there, as JSON
#   ASSIZE_SOAK_HTTP_REPORT=FILE           the same over HTTP
#   ASSIZE_INSTALL_DOCKER=1                install and start Docker where it is missing (Debian, as root)
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh

main() {
    local soaks=()
    case ${1:-both} in
        both) soaks=(soak::a_long_soak_keeps_every_promise http_soak::a_long_soak_over_http_keeps_every_promise) ;;
        amqp) soaks=(soak::a_long_soak_keeps_every_promise) ;;
        http) soaks=(http_soak::a_long_soak_over_http_keeps_every_promise) ;;
        nsjail) soaks=(soak::a_long_soak_with_boxes_of_nsjail_keeps_every_promise) ;;
        *) fail "unknown option: $1" "usage: docker/soak.sh [amqp | http | nsjail]" ;;
    esac
    require_docker
    command -v cargo >/dev/null || fail "cargo is needed to build the worker, and is not installed here" \
        "Install Rust 1.94 or newer with rustup, and a C compiler (gcc)."
    docker/images.sh --without-worker
    if [ "${1:-}" = nsjail ]; then
        [ "$(id -u)" -eq 0 ] ||
            fail "boxes by nsjail are made by root, and this is $(id -un)" "sudo docker/soak.sh nsjail"
        docker/nsjail.sh "$PWD/target/jail/nsjail"
        docker/roots.sh "$PWD/target/jail/roots"
    fi
    step "Soak"
    export ASSIZE__WORKER__ID=soak-$$-$RANDOM
    # One after the other: each of them counts on a machine of its own.
    cargo test --locked --workspace --test services -- --ignored --exact --nocapture --test-threads=1 "${soaks[@]}"
}

main "$@"
