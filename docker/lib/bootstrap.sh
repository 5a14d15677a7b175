# shellcheck shell=bash
# Builds the tree of a box without any Docker, out of Debian's packages: the steps of docker/*/Dockerfile, in a directory
# that mmdebstrap makes. Needs say.sh, engine.sh, base.sh and binaries.sh, and root.

# usage: bootstrap_tree ENVIRONMENT TREE
bootstrap_tree() {
    local environment=$1 tree=$2 work
    work=$(mktemp -d "$(dirname "$tree")/.build.XXXXXX") || return
    "gather_$environment" "$work/context" && debian_with "$work" "$environment"
    local built=$?
    if [ "$built" -eq 0 ]; then
        rm -rf "$tree"
        mv "$work/$(tree_in "$environment")" "$tree"
        built=$?
    fi
    rm -rf "$work"
    return $built
}

# Compilers need the whole of Debian; what a submission meets is staged.
tree_in() {
    if [ "$1" = toolchain ]; then echo system; else echo system/tree; fi
}

# usage: debian_with DIRECTORY ENVIRONMENT
debian_with() {
    local work=$1 environment=$2
    # The hooks run outside of the new system; "$1" is its directory.
    # shellcheck disable=SC2016
    mmdebstrap --variant=minbase --skip=cleanup/apt \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --customize-hook="cp -r '$work/context' \"\$1/build\"" \
        --customize-hook="chroot \"\$1\" sh /build/build.sh" \
        --customize-hook='chroot "$1" apt-get clean' \
        --customize-hook='rm -rf "$1/build" "$1/var/lib/apt/lists" && mkdir "$1/var/lib/apt/lists"' \
        "$DEBIAN_SUITE" "$work/system" ${ASSIZE_DEBIAN_MIRROR:+"$ASSIZE_DEBIAN_MIRROR"}
}

gather_python3() {
    mkdir "$1" &&
        cp docker/python3/* docker/stage.sh docker/environment.py src/judge/plan/python/* "$BINARIES/runner" \
            "$BINARIES/_assize_zygote.so" "$BINARIES/crates.txt" "$1" &&
        cat >"$1/build.sh" <<'END'
set -eu
cd /build
sh install.sh
sh stage_python.sh /tree
mkdir -p /tree/usr/lib/assize
python3 -I sbom.py /tree crates.txt >/tree/usr/lib/assize/sbom.json
python3 -I environment.py numpy pandas >/tree/usr/lib/assize/environment.json
python3 -I compile_programs.py /tree/usr/lib/assize/programs
cp compile_check.py zygote.py _assize_zygote.so runner /tree/usr/lib/assize/
END
}

# pytest beside what a submission has.
gather_pytest() {
    gather_python3 "$1" && mkdir "$1/pytest" && cp docker/pytest/* "$1/pytest" &&
        cat >>"$1/build.sh" <<'END'
cp /tree/usr/lib/assize/environment.json pytest/
sh pytest/install.sh
sh pytest/stage_pytest.sh /tree
END
}

gather_pypy3() {
    mkdir "$1" &&
        cp docker/pypy3/* docker/python3/compile_check.py docker/stage.sh docker/environment.py "$BINARIES/runner" "$1" &&
        cat >"$1/build.sh" <<'END'
set -eu
cd /build
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -qy --no-install-recommends pypy3
sh stage_pypy.sh /tree
mkdir -p /tree/usr/lib/assize
pypy3 -I environment.py >/tree/usr/lib/assize/environment.json
cp compile_check.py runner /tree/usr/lib/assize/
END
}

gather_java() {
    mkdir "$1" && cp docker/java/* docker/stage.sh "$BINARIES/runner" "$1" &&
        cat >"$1/build.sh" <<'END'
set -eu
cd /build
export DEBIAN_FRONTEND=noninteractive
mkdir -p /usr/share/man/man1
apt-get update -q
apt-get install -qy --no-install-recommends openjdk-21-jdk-headless
sh stage_java.sh /tree
cp runner /tree/usr/lib/assize/
END
}

gather_toolchain() {
    mkdir "$1" &&
        cp docker/environment.py "$BINARIES/runner" "$1" &&
        cat >"$1/build.sh" <<'END'
set -eu
cd /build
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -qy --no-install-recommends g++ libc6-dev make python3
useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin judged
mkdir -m 1777 /work
mkdir -p /usr/lib/assize
cp environment.py runner /usr/lib/assize/
python3 -I environment.py --tool g++ "$(g++ -dumpfullversion)" >/usr/lib/assize/environment.json
END
}
