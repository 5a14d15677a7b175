# shellcheck shell=bash
# The Debian base image where no registry can be reached: bootstrapped from Debian's packages
# under the name it has in a registry, so that every Dockerfile stays an ordinary one.
# Needs say.sh and engine.sh.

DEBIAN_SUITE=trixie
DEBIAN_IMAGE=debian:trixie-slim

provide_debian_image() {
    if docker image inspect "$DEBIAN_IMAGE" >/dev/null 2>&1; then
        say "$DEBIAN_IMAGE is here already"
        return
    fi
    require_mmdebstrap
    quietly "Bootstrapping $DEBIAN_IMAGE from Debian's packages" bootstrap_debian_image
}

# The same leaves out as in the published slim image: manuals, documentation, translations.
bootstrap_debian_image() {
    set -o pipefail
    mmdebstrap --variant=minbase \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt=force-unsafe-io \
        "$DEBIAN_SUITE" - ${ASSIZE_DEBIAN_MIRROR:+"$ASSIZE_DEBIAN_MIRROR"} |
        docker import --change 'CMD ["bash"]' --change 'LABEL io.assize=1' - "$DEBIAN_IMAGE"
}

require_mmdebstrap() {
    command -v mmdebstrap >/dev/null && return
    if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
        # The keyring is what lets Ubuntu verify Debian's packages.
        quietly "Installing mmdebstrap" install_packages mmdebstrap debian-archive-keyring
        return
    fi
    fail "mmdebstrap is needed to make $DEBIAN_IMAGE from Debian's packages, and is not installed" \
        "On Debian or Ubuntu:  sudo apt-get install -y mmdebstrap debian-archive-keyring" \
        "On other systems:     make the image elsewhere and bring it here:" \
        "                      docker save $DEBIAN_IMAGE | ssh THIS-HOST docker load" \
        "Where a registry can be reached, none of this is needed: ASSIZE_IMAGES=registry"
}
