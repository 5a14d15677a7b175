#!/usr/bin/env bash
# Docker compose v2, wherever it is: the system's own, or Debian's package unpacked into .tools/
# without touching the system. Takes what `docker compose` takes:
#
#   docker/compose.sh ps
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/base.sh

COMPOSE=.tools/docker-compose

main() {
    if docker compose version >/dev/null 2>&1; then
        exec docker compose "$@"
    fi
    [ -x "$COMPOSE" ] || fetch_compose >&2
    # The plugin is a whole program: run by its name it needs no place in anyone's ~/.docker.
    exec "$COMPOSE" "$@"
}

# Compose 1, which Debian 12 still has as docker-compose, does not read our file.
fetch_compose() {
    step "Docker compose v2 is not installed; unpacking Debian's to $COMPOSE"
    require_mmdebstrap
    quietly "Fetching docker-compose of Debian $DEBIAN_SUITE" unpack_compose
    "$COMPOSE" version >/dev/null ||
        fail "Debian's compose does not run on this system" \
            "Install compose v2: https://docs.docker.com/compose/install/linux/"
}

unpack_compose() {
    local tree
    tree=$(mktemp -d)
    mmdebstrap --variant=extract --include=docker-compose \
        "$DEBIAN_SUITE" "$tree" ${ASSIZE_DEBIAN_MIRROR:+"$ASSIZE_DEBIAN_MIRROR"} || return
    mkdir -p "$(dirname "$COMPOSE")"
    cp "$tree/usr/libexec/docker/cli-plugins/docker-compose" "$COMPOSE" || return
    rm -rf "$tree"
}

main "$@"
