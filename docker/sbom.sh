#!/usr/bin/env bash
# Prints the bill of materials (CycloneDX, JSON) of the image that Python submissions run in, as it was written when the
# image was built.
#
#   docker/sbom.sh [IMAGE]
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh

main() {
    local image=${1:-assize/python3:latest} container
    container=$(docker create --label io.assize=1 --network none "$image") ||
        fail "there is no image $image" "make images"
    # shellcheck disable=SC2064 # the container that was made now is meant
    trap "docker rm -f $container >/dev/null" EXIT
    docker cp "$container:/usr/lib/assize/sbom.json" - | tar -xO
}

main "$@"
