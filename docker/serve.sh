#!/usr/bin/env bash
# Builds the images of the boxes, and serves submissions over HTTP at 127.0.0.1:8751 until Ctrl-C. Needs Docker and Rust.
# Settings in the environment hold: ASSIZE__SERVE__LISTEN=127.0.0.1:9000 make serve
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/binaries.sh
. docker/lib/env.sh

address=${ASSIZE__SERVE__LISTEN:-127.0.0.1:8751}

main() {
    command -v cargo >/dev/null || fail "cargo is needed to serve from the sources, and is not installed here" \
        "Install Rust with rustup; or start the service of docker-compose.yml, which needs none: make demo"
    ! port_answers "${address##*:}" || fail "something listens at $address already" \
        "After make demo that is its own service: make stop ends it, or take another port:" \
        "ASSIZE__SERVE__LISTEN=127.0.0.1:9000 make serve"
    docker/images.sh --without-worker --quick
    quick=yes choose_profile
    # As for the images: of the whole workspace cargo would build the same crates with other features once more.
    quietly "Building the service with cargo; the first time it takes minutes" \
        cargo build --profile "$profile" --locked -p assize --bin assize
    say "The page:  http://$address/"
    say "A program: curl http://$address/v1/run -H 'Content-Type: application/json' -d '{\"source\": \"print(6 * 7)\"}'"
    export ASSIZE__PROBLEMS__DIRECTORY=${ASSIZE__PROBLEMS__DIRECTORY:-examples}
    exec "target/$profile/assize" serve --standalone
}

main
