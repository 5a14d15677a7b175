#!/usr/bin/env bash
# Builds the images of the boxes, and serves submissions over HTTP at 127.0.0.1:8751 until Ctrl-C. Needs Docker and Rust.
# Settings in the environment hold: ASSIZE__SERVE__LISTEN=127.0.0.1:9000 make serve
set -euo pipefail
cd "$(dirname "$0")/.."

. docker/lib/say.sh
command -v cargo >/dev/null || fail "cargo is needed to serve from the sources, and is not installed here" \
    "Install Rust with rustup; or start the service of docker-compose.yml, which needs none: make demo"
docker/images.sh --without-worker --quick
. docker/lib/binaries.sh
quick=yes choose_profile
address=${ASSIZE__SERVE__LISTEN:-127.0.0.1:8751}
say "The page:  http://$address/"
say "A program: curl http://$address/v1/run -H 'Content-Type: application/json' -d '{\"source\": \"print(6 * 7)\"}'"
export ASSIZE__PROBLEMS__DIRECTORY=${ASSIZE__PROBLEMS__DIRECTORY:-examples}
exec cargo run --profile "$profile" --locked --quiet -- serve --standalone
