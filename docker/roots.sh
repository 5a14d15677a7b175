#!/usr/bin/env bash
# Makes the root directories of boxes for assize-jailer. Each is named by the digest of what is in it, and a link says
# which one an environment has; one that boxes use stays as it is.
#
#   docker/roots.sh [DIRECTORY]                    out of the images of boxes: those of docker/images.sh, and those with
#                                                  the label io.assize.environment, as of `assize image build`
#   docker/roots.sh --without-docker [--java] [DIRECTORY]
#                                                  out of Debian's packages, with mmdebstrap and cargo
#   docker/roots.sh --check [DIRECTORY]            holds what is in each against its digest
#   docker/roots.sh --prune [DIRECTORY]            removes those that no environment has; no box may be running
#
# DIRECTORY is /var/lib/assize/roots unless another one is named.
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/base.sh
. docker/lib/binaries.sh
. docker/lib/environments.sh
. docker/lib/bootstrap.sh

main() {
    local what=make
    java=''
    case ${1:-} in
        --check | --prune)
            what=${1#--}
            shift
            ;;
        --without-docker)
            what=bootstrap
            shift
            [ "${1:-}" != --java ] || { java=java && shift; }
            ;;
        -*) fail "unknown option: $1" "usage: docker/roots.sh [--without-docker [--java]|--check|--prune] [DIRECTORY]" ;;
    esac
    roots=${1:-/var/lib/assize/roots}
    [ "$(id -u)" -eq 0 ] || fail "root directories belong to root, and this is $(id -un)" "sudo docker/roots.sh"
    "$what"
}

make() {
    require_docker
    install -d -m 755 "$roots"
    local environment
    for environment in $ENVIRONMENTS $(other_environments); do
        make_root "$environment"
    done
}

bootstrap() {
    install -d -m 755 "$roots" "$BINARIES"
    require_mmdebstrap
    host_builds_linux || explain_missing_cargo
    quietly "Building the runner (static) and the zygote's native half with cargo" build_box_binaries
    local environment
    for environment in $ENVIRONMENTS $java; do
        quietly "Building the root directory of $environment from Debian's packages" bootstrap_root "$environment"
    done
}

bootstrap_root() {
    local environment=$1 tree=$roots/.$1.new
    bootstrap_tree "$environment" "$tree" && chmod 755 "$tree" && install_root "$environment" "$tree" || return
    rm -f "$roots/$environment.image"
}

make_root() {
    local environment=$1 image
    image=$(docker image inspect -f '{{.Id}}' "assize/$environment:latest" 2>/dev/null) ||
        fail "there is no image assize/$environment:latest" "make images"
    if [ -e "$roots/$environment/." ] && [ "$image" = "$(cat "$roots/$environment.image" 2>/dev/null)" ]; then
        say "The root directory of $environment is up to date"
        return
    fi
    quietly "Making the root directory of $environment" unpack "$environment" "$image"
}

unpack() {
    local environment=$1 image=$2 container tree=$roots/.$1.new
    rm -rf "$tree"
    mkdir -m 755 "$tree"
    container=$(docker create --label io.assize=1 --network none "$image" none) || return
    docker export "$container" | tar -x --numeric-owner -p -C "$tree"
    local exported=$?
    docker rm "$container" >/dev/null
    [ "$exported" -eq 0 ] || return 1
    install_root "$environment" "$tree" && echo "$image" >"$roots/$environment.image"
}

# usage: install_root ENVIRONMENT TREE
install_root() {
    local environment=$1 tree=$2 digest
    without_leftovers "$tree" && digest=$(digest_of "$tree") || return
    if [ -e "$roots/$digest" ]; then rm -rf "$tree"; else mv "$tree" "$roots/$digest" || return; fi
    ln -sfn "$digest" "$roots/.$environment.link" && mv -T "$roots/.$environment.link" "$roots/$environment"
}

# The engine puts empty files into a container that it has not started, and fills some when it starts it. Boxes of every
# backend have these names; what is mounted in them lies over the rest.
without_leftovers() {
    rm -rf "$1/.dockerenv" "$1/etc/hosts" "$1/etc/hostname" "$1/etc/resolv.conf"
    echo box >"$1/etc/hostname"
    printf '127.0.0.1\tlocalhost\n::1\tlocalhost\n' >"$1/etc/hosts"
    : >"$1/etc/resolv.conf"
    ln -sfn /proc/mounts "$1/etc/mtab"
    find "$1/dev" "$1/proc" "$1/sys" "$1/tmp" "$1/work" -mindepth 1 -delete
}

# Names, modes, owners and contents; neither times nor the order in which a file system lists them.
digest_of() {
    printf 'sha256:'
    tar -c --sort=name --mtime=@0 --numeric-owner --format=gnu -C "$1" . | sha256sum | cut -d ' ' -f 1
}

check() {
    local environment digest found damaged=()
    for environment in $(environments_in "$roots"); do
        digest=$(readlink "$roots/$environment") || fail "there is no root directory of $environment" "docker/roots.sh"
        found=$(digest_of "$roots/$digest")
        if [ "$found" = "$digest" ]; then
            say "$environment is as it was made ($digest)"
        else
            say "$environment is damaged: it is $found, and was $digest"
            damaged+=("$digest")
        fi
    done
    [ ${#damaged[@]} -eq 0 ] || fail "root directories are damaged" "rm -rf$(printf " $roots/%s" "${damaged[@]}") && docker/roots.sh"
}

prune() {
    local tree environment used
    for tree in "$roots"/sha256:*; do
        used=''
        for environment in $(environments_in "$roots"); do
            [ "$(readlink "$roots/$environment")" != "${tree##*/}" ] || used=yes
        done
        [ -n "$used" ] || { say "Removing $tree" && rm -rf "$tree"; }
    done
}

main "$@"
