#!/usr/bin/env bash
# Decides how the images of Assize are obtained, says so, and builds them:
#
#   assize/python3    the box of a Python submission        assize/rabbitmq   the broker
#   assize/toolchain  builds output validators              assize/postgres   the store
#   assize/pypy3      the box of a submission for PyPy      assize/worker     the worker
#   assize/pytest     the box of unit tests
#   assize/java       the box of a submission in Java
#                                                           assize/docker-proxy   between it and Docker
#
# Where a registry can be reached, they come from the official python, rabbitmq and postgres
# images; elsewhere everything is built from Debian's packages. The names are the same both ways,
# so nothing else needs to know. An image whose inputs have not changed is not built again.
#
# With --without-worker, the worker's own image is left out: the tests run it from cargo. With --quick, worker and proxy
# are built without optimisation, which takes half as long, unless an optimised worker is here. With --only-python,
# assize/pypy3 and assize/toolchain are left out. With --java, assize/java is made too, and from then on kept up to date
# by calls without --only-python.
# With --observe, also assize/prometheus and, where a registry can be reached, assize/grafana are made.
#
#   ASSIZE_IMAGES=registry|debian     decides instead of trying
#   ASSIZE_DEBIAN_MIRROR=URL          where to bootstrap Debian from, or a line of sources.list that says it
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/base.sh
. docker/lib/official.sh
. docker/lib/binaries.sh

# Small enough to be pulled within the time-out over any line that is of use.
PROBE_IMAGE=hello-world:latest
PROBE_SECONDS=20
REMEMBERED_WAY=.tools/images.way
CONTEXTS=target/images/context

main() {
    read_options "$@"
    require_docker
    choose_builder
    decide_way
    begin_binaries "$way"
    step "Images"
    "base_from_$way"
    finish_box_binaries
    "services_from_$way"
    box_images
    finish_binaries
    docker_proxy_image
    [ -n "$without_worker" ] || worker_image
    [ -z "$observe" ] || "observing_images_from_$way"
    remove_superseded_images
    remember_way
}

read_options() {
    without_worker='' observe='' quick='' only_python='' java=''
    local option
    for option in "$@"; do
        case $option in
            --without-worker) without_worker=yes ;;
            --observe) observe=yes ;;
            --quick) quick=yes ;; # read by begin_binaries
            --only-python) only_python=yes ;;
            --java) java=yes ;;
            *)
                fail "unknown option: $option" \
                    "usage: docker/images.sh [--without-worker] [--quick] [--only-python] [--java] [--observe]"
                ;;
        esac
    done
}

# Sets `way`, and prints the one line that says which it is and why.
decide_way() {
    local reason
    if [ -n "${ASSIZE_IMAGES:-}" ]; then
        way=$ASSIZE_IMAGES reason="ASSIZE_IMAGES says so"
    elif [ -f "$REMEMBERED_WAY" ]; then
        way=$(cat "$REMEMBERED_WAY") reason="as on the last run; ASSIZE_IMAGES changes it"
    elif registry_answers; then
        way=registry reason="a registry answered"
    else
        way=debian reason="no registry answered; ASSIZE_IMAGES=registry insists on one"
    fi
    case $way in
        registry)
            DEBIAN_IMAGE=$DEBIAN_OFFICIAL
            step "Images are based on the official ones ($reason)"
            ;;
        debian) step "Images are built from Debian's packages ($reason)" ;;
        *) fail "ASSIZE_IMAGES is '$way'" "It may be 'registry' or 'debian'." ;;
    esac
}

# Asked through the daemon, which is the one that will pull, with its mirrors and its proxy.
registry_answers() {
    docker image inspect "$PYTHON_OFFICIAL" "$RABBITMQ_OFFICIAL" "$POSTGRES_OFFICIAL" >/dev/null 2>&1 && return
    say "Asking for $PROBE_IMAGE, to see whether a registry answers ..."
    limited docker pull -q "$PROBE_IMAGE" >/dev/null 2>&1
}

limited() {
    if command -v timeout >/dev/null; then
        timeout "$PROBE_SECONDS" "$@"
    else
        "$@" # macOS has no timeout; its Docker gives up by itself
    fi
}

# A remembered way keeps a network that comes and goes from changing the Python version.
remember_way() {
    mkdir -p "$(dirname "$REMEMBERED_WAY")"
    echo "$way" >"$REMEMBERED_WAY"
}

base_from_registry() {
    python_base=$PYTHON_OFFICIAL
}

base_from_debian() {
    provide_debian_image
    python_base=$DEBIAN_IMAGE
}

services_from_registry() {
    official_image "$RABBITMQ_OFFICIAL" assize/rabbitmq:4
    official_image "$POSTGRES_OFFICIAL" assize/postgres:17
}

services_from_debian() {
    context rabbitmq docker/rabbitmq/*
    image rabbitmq assize/rabbitmq:4 "$DEBIAN_IMAGE"
    context postgres docker/postgres/*
    image postgres assize/postgres:17 "$DEBIAN_IMAGE"
}

observing_images_from_registry() {
    official_image "$PROMETHEUS_OFFICIAL" assize/prometheus:latest
    official_image "$GRAFANA_OFFICIAL" assize/grafana:latest
}

# Debian has no package of Grafana.
observing_images_from_debian() {
    context prometheus docker/prometheus/*
    image prometheus assize/prometheus:latest "$DEBIAN_IMAGE"
}

box_images() {
    python_image
    pytest_image
    if [ -z "$only_python" ]; then
        pypy_image
        toolchain_image
    fi
    ! java_is_wanted || java_image
}

# An image that was asked for once has to have the runner of this version too.
java_is_wanted() {
    [ -z "$java" ] || return 0
    [ -z "$only_python" ] && docker image inspect assize/java:latest >/dev/null 2>&1
}

python_image() {
    context python3 docker/python3/* docker/stage.sh docker/environment.py src/judge/plan/python/* \
        "$BINARIES/runner" "$BINARIES/_assize_zygote.so" "$BINARIES/crates.txt"
    image python3 assize/python3:latest "$python_base"
}

pypy_image() {
    context pypy3 docker/pypy3/* docker/python3/compile_check.py docker/stage.sh docker/environment.py \
        "$BINARIES/runner"
    image pypy3 assize/pypy3:latest "$DEBIAN_IMAGE"
}

# From Debian either way: the compilers are not what a submission meets.
toolchain_image() {
    context toolchain docker/toolchain/* docker/environment.py "$BINARIES/runner"
    image toolchain assize/toolchain:latest "$DEBIAN_IMAGE"
}

java_image() {
    context java docker/java/* docker/stage.sh "$BINARIES/runner"
    image java assize/java:latest "$DEBIAN_IMAGE"
}

# Upon the image of a submission, so that tests and submissions have the same Python.
pytest_image() {
    context pytest docker/pytest/*
    docker image inspect -f '{{.Id}}' assize/python3:latest >"$CONTEXTS/pytest/box"
    image pytest assize/pytest:latest "$python_base"
}

worker_image() {
    context worker docker/worker/* "$BINARIES/assize"
    image worker assize/worker:latest "$DEBIAN_IMAGE"
    docker run --rm --network none assize/worker:latest --version >/dev/null 2>&1 ||
        fail "the worker does not start in its image" \
            "A host with a newer C library than Debian $DEBIAN_SUITE's builds programs that it cannot run." \
            "See for yourself:  docker run --rm assize/worker:latest --version"
}

docker_proxy_image() {
    context docker-proxy docker/docker-proxy/* "$BINARIES/assize-docker-proxy"
    image docker-proxy assize/docker-proxy:latest "$DEBIAN_IMAGE"
}

official_image() {
    docker image inspect "$1" >/dev/null 2>&1 || quietly "Pulling $1" docker pull -q "$1"
    docker tag "$1" "$2"
    say "$2 is the official $1"
}

# Gathers what one build may see: its own files, and not the sources or the target directory.
# usage: context NAME FILE...
context() {
    local directory=$CONTEXTS/$1
    shift
    rm -rf "$directory"
    mkdir -p "$directory"
    cp "$@" "$directory"
}

# usage: image CONTEXT TAG BASE
image() {
    local directory=$CONTEXTS/$1 tag=$2 base=$3 inputs
    docker image inspect "$base" >/dev/null 2>&1 || quietly "Pulling $base" docker pull -q "$base"
    inputs=$(inputs_of "$directory" "$base")
    if [ "$(inputs_label "$tag")" = "$inputs" ]; then
        say "$tag is up to date"
        return
    fi
    quietly "Building $tag" build_with_stage "$directory" "$tag" "$base" "$inputs"
}

# The stage that an image is copied out of has a name too: it is the cache of the next build, and an image without a
# name looks like rubbish in a list of images.
# usage: build_with_stage DIRECTORY TAG BASE INPUTS
build_with_stage() {
    local directory=$1 tag=$2 base=$3 inputs=$4
    if grep -q '^FROM .* AS build$' "$directory/Dockerfile"; then
        build_image --build-arg BASE="$base" --target build \
            -t "assize/build-$(basename "$directory"):latest" "$directory" || return
    fi
    build_image --build-arg BASE="$base" --label io.assize.inputs="$inputs" -t "$tag" "$directory"
}

# What had the name of an image that was built anew.
remove_superseded_images() {
    docker image prune -f --filter label=io.assize=1 >/dev/null
}

# One digest of the base image and of the name and content of every file in the context.
inputs_of() {
    {
        docker image inspect -f '{{.Id}}' "$2"
        (cd "$1" && for file in *; do
            echo "$file"
            sha256 <"$file"
        done)
    } | sha256
}

inputs_label() {
    docker image inspect -f '{{index .Config.Labels "io.assize.inputs"}}' "$1" 2>/dev/null || true
}

main "$@"
