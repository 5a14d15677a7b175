#!/usr/bin/env bash
# Installs a bundle of Assize on this machine, which needs Docker and no network: holds every file against its
# checksum, loads the images, and writes .env with passwords of its own. Starts nothing.
set -euo pipefail
cd "$(dirname "$0")"
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/env.sh

main() {
    require_docker
    step "Bundle"
    quietly "Checking every file" sha256sum --check --strict --quiet SHA256SUMS
    quietly "Loading the images" docker load -q -i images.tar.gz
    require_images
    provide_env
    say "start it             docker/compose.sh up -d --wait"
    say "a token for HTTP     docker/compose.sh exec -T serve assize token new operator --scope admin"
    say "judge the examples   docker/compose.sh exec -T worker /usr/local/bin/assize submit --examples /problems --wait"
    say "docs/operations/install.md and the programs in programs/ are for other ways to start"
}

require_images() {
    local image
    while read -r image; do
        docker image inspect "$image" >/dev/null 2>&1 || fail "$image is not there after loading"
    done <images.txt
}

main
