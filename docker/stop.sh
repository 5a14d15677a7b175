#!/usr/bin/env bash
# Stops the services of docker-compose.yml and keeps their data.
#
#   --destroy      asks, then removes the data, the images that were built here, .env and .tools too
#   ASSIZE_YES=1   answers yes
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh

main() {
    require_docker
    docker/compose.sh version >/dev/null
    # Compose wants every setting even to stop; where .env is gone, any value will do.
    if [ ! -f .env ]; then
        export ASSIZE_RABBITMQ_PASSWORD=gone ASSIZE_POSTGRES_PASSWORD=gone ASSIZE_DOCKER_GROUP=0
    fi
    case ${1:-} in
        '') stop_services ;;
        --destroy) confirm_destruction && remove_everything ;;
        *) fail "unknown option: $1" "usage: docker/stop.sh [--destroy]" ;;
    esac
}

stop_services() {
    quietly "Stopping the services" compose down
    say "The data is kept: 'make demo' goes on with it, 'make destroy' removes it."
}

# Also what is started only when it is named: `make observe`, and workers with boxes of nsjail.
compose() {
    docker/compose.sh --profile observe --profile grafana --profile nsjail "$@"
}

# Verdicts cannot be made again, so silence is a no.
confirm_destruction() {
    say "This removes every stored verdict, the queues, the images of Assize, .env and .tools."
    agreed ASSIZE_YES "Remove all of it?" && return
    fail "nothing was removed" "Answer y at a terminal, or run:  ASSIZE_YES=1 make destroy"
}

remove_everything() {
    quietly "Stopping the services and removing their data" compose down --volumes
    remove_images
    rm -rf .env .tools target/images
    say "Removed the images, .env and .tools too. 'make demo' starts anew."
}

# Only what docker/images.sh built or tagged. The Debian base stays: others may build on it.
remove_images() {
    local images
    images=$(docker image ls -q --filter label=io.assize.inputs | sort -u)
    # shellcheck disable=SC2086 # one image per word is meant
    [ -z "$images" ] || docker image rm -f $images >/dev/null
    images=$(docker image ls -q --filter label=io.assize=1 'assize/build-*')
    # shellcheck disable=SC2086 # one image per word is meant
    [ -z "$images" ] || docker image rm -f $images >/dev/null
    docker image prune -f --filter label=io.assize=1 >/dev/null
    # Tags of official ones.
    docker image rm assize/rabbitmq:4 assize/postgres:17 assize/prometheus assize/grafana >/dev/null 2>&1 || true
}

main "$@"
