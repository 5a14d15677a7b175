#!/usr/bin/env bash
# Builds what a worker with sandbox.backend = "nsjail" needs, as root: assize, assize-jailer, nsjail, and a root directory
# per environment. No Docker is needed, here or where it judges.
#
#   docker/worker-nsjail.sh [DIRECTORY]    target/worker-nsjail unless another one is named
#   docker/worker-nsjail.sh --image        the image assize/jailer and the root directories, for docker-compose.yml;
#                                          this is done with Docker
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/base.sh
. docker/lib/binaries.sh

main() {
    [ "$(id -u)" -eq 0 ] || fail "root directories belong to root, and this is $(id -un)" "sudo docker/worker-nsjail.sh"
    case ${1:-} in
        --image) jailer_image ;;
        -*) fail "unknown option: $1" "usage: docker/worker-nsjail.sh [DIRECTORY | --image]" ;;
        *) everything "${1:-target/worker-nsjail}" ;;
    esac
}

everything() {
    local into
    into=$(realpath -m "$1")
    host_builds_linux || explain_missing_cargo
    install -d -m 755 "$into" "$BINARIES"
    docker/nsjail.sh "$into/nsjail"
    docker/roots.sh --without-docker "$into/roots"
    quietly "Building the jailer (static) with cargo" build_jailer
    quietly "Building the worker with cargo; the first time it takes minutes" build_assize
    refuse_failpoints
    install -m 755 "$BINARIES/assize" "$BINARIES/assize-jailer" "$into"
    install -m 644 jailer/assize-jailer.service "$into"
    say "All is in $into; docs/walls.md says where it goes"
}

jailer_image() {
    local context=target/images/context/jailer
    require_docker
    docker image inspect assize/worker:latest >/dev/null 2>&1 || fail "there is no image assize/worker:latest" "make images"
    docker/roots.sh
    docker/nsjail.sh "$PWD/target/jail/nsjail"
    quietly "Building the jailer (static) with cargo" build_jailer
    rm -rf "$context"
    mkdir -p "$context"
    cp -r docker/jailer/Dockerfile "$BINARIES/assize-jailer" target/jail/nsjail "$context"
    choose_builder
    quietly "Building assize/jailer:latest" build_image -t assize/jailer:latest "$context"
}

main "$@"
