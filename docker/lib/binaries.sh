# shellcheck shell=bash
# Builds what goes into images: `runner`, static, for every box, `_assize_zygote.so` for those with CPython,
# `assize`, and `assize-docker-proxy`, static.
# With cargo where the host has it, in a rust image where not. Needs say.sh and engine.sh, and official.sh where a
# registry is used; sets BINARIES, reads without_worker and quick.
#
# The programs are built beside the images: begin_binaries, the base of images, finish_box_binaries, images, finish_binaries.

. docker/lib/portable.sh

BINARIES=target/images/bin

# usage: begin_binaries registry|debian
begin_binaries() {
    mkdir -p "$BINARIES"
    choose_profile
    if host_builds_linux; then
        begin "Building the runner (static) and the zygote's native half with cargo" build_box_binaries
        build_is_begun=yes
    elif [ "$1" = registry ]; then
        quietly "Building the programs in $RUST_OFFICIAL; the first time takes minutes" build_in_image
    else
        explain_missing_cargo
    fi
}

# An optimised worker that is here already is built again, and not replaced by a slower one.
choose_profile() {
    profile=release
    if [ -n "${quick:-}" ] && [ ! -e target/release/assize ]; then
        profile=quick
    fi
}

finish_box_binaries() {
    [ -n "${build_is_begun:-}" ] || return 0
    finish
    if [ -n "$without_worker" ]; then
        begin "Building the Docker proxy (static) with cargo" build_docker_proxy
    else
        say "The worker is built beside the images; the first time it takes about $(minutes_of_worker) minutes on two cores"
        begin "Building the worker and the proxy with cargo" build_worker
    fi
}

minutes_of_worker() {
    if [ "$profile" = quick ]; then echo 4; else echo 8; fi
}

is_quick() {
    [ "$(cat "$BINARIES/profile" 2>/dev/null)" = quick ]
}

finish_binaries() {
    [ -z "${build_is_begun:-}" ] || finish
    [ -n "$without_worker" ] || refuse_failpoints
}

# Places at which tests let a worker die (src/failpoint.rs) and boxes without walls
# (src/sandbox/process/) are for no other build.
refuse_failpoints() {
    ! grep -qe ASSIZE_FAILPOINT -e sandbox.process.runner "$BINARIES/assize" ||
        fail "the worker for the image is built with what only tests may have" \
            "Build it without the features failpoints and process-backend."
}

host_builds_linux() {
    [ "$(uname -s)" = Linux ] && command -v cargo >/dev/null
}

# What our own programs in a box are made of, for the image's bill of materials.
list_crates() {
    cargo tree --locked -p assize-runner -p assize-zygote -e normal --prefix none |
        sed -n 's/^\([^ ]* v[^ ]*\).*/\1/p' | sort -u >"$BINARIES/crates.txt"
}

# Static, because a box's image promises no C library of its own. The explicit target keeps the
# flag away from build scripts and macros, which cannot be static.
build_runner() {
    local triple
    triple=$(uname -m)-unknown-linux-gnu
    RUSTFLAGS='-C target-feature=+crt-static' \
        cargo build --locked -p assize-runner --profile box --target "$triple" || return
    copy_if_changed "target/$triple/box/assize-runner" "$BINARIES/runner"
}

# Asks for no Python on this host: it is built for the interpreter's stable ABI.
build_zygote() {
    local triple
    triple=$(uname -m)-unknown-linux-gnu
    PYO3_NO_PYTHON=1 cargo build --locked -p assize-zygote --profile box --target "$triple" || return
    copy_if_changed "target/$triple/box/libassize_zygote.so" "$BINARIES/_assize_zygote.so"
}

build_box_binaries() {
    build_runner && build_zygote && list_crates
}

build_worker() {
    build_assize && build_docker_proxy
}

build_assize() {
    local profile=${profile:-release}
    cargo build --locked --profile "$profile" -p assize --bin assize || return
    copy_if_changed "target/$profile/assize" "$BINARIES/assize" && echo "$profile" >"$BINARIES/profile"
}

# Static, as its image holds nothing else.
build_docker_proxy() {
    local triple profile=${profile:-release}
    triple=$(uname -m)-unknown-linux-gnu
    RUSTFLAGS='-C target-feature=+crt-static' \
        cargo build --locked -p assize-docker-proxy --profile "$profile" --target "$triple" || return
    copy_if_changed "target/$triple/$profile/assize-docker-proxy" "$BINARIES/assize-docker-proxy"
}

# Static, so that it needs nothing of the host or the image that it runs in.
build_jailer() {
    local triple
    triple=$(uname -m)-unknown-linux-gnu
    RUSTFLAGS='-C target-feature=+crt-static' \
        cargo build --locked -p assize-jailer --release --target "$triple" || return
    copy_if_changed "target/$triple/release/assize-jailer" "$BINARIES/assize-jailer" &&
        sources_of_jailer >"$BINARIES/assize-jailer.sources"
}

# One digest of what the jailer is made of: not every build of images makes it anew.
sources_of_jailer() {
    find Cargo.lock jailer control-groups seccomp -type f | LC_ALL=C sort | xargs cat | sha256
}

# Whether the jailer that is there is made of what is here.
is_jailer_built() {
    [ -x "$BINARIES/assize-jailer" ] &&
        [ "$(cat "$BINARIES/assize-jailer.sources" 2>/dev/null)" = "$(sources_of_jailer)" ]
}

# Static, since it is all that is in the guest beside modules.
build_guest() {
    local triple
    triple=$(uname -m)-unknown-linux-gnu
    RUSTFLAGS='-C target-feature=+crt-static' \
        cargo build --locked -p assize-guest --profile box --target "$triple" || return
    copy_if_changed "target/$triple/box/assize-guest" "$BINARIES/guest"
}

build_in_image() {
    local container
    sources | build_image --build-arg BASE="$RUST_OFFICIAL" --build-arg PROFILE="$profile" \
        -f docker/binaries/Dockerfile -t assize/binaries:latest - || return
    container=$(docker create --label io.assize=1 assize/binaries:latest none) || return
    docker cp "$container:/runner" "$BINARIES/runner" &&
        docker cp "$container:/_assize_zygote.so" "$BINARIES/_assize_zygote.so" &&
        docker cp "$container:/crates.txt" "$BINARIES/crates.txt" &&
        docker cp "$container:/assize-docker-proxy" "$BINARIES/assize-docker-proxy" &&
        docker cp "$container:/assize" "$BINARIES/assize" && echo "$profile" >"$BINARIES/profile"
    local copied=$?
    docker rm "$container" >/dev/null
    return $copied
}

# Only what cargo reads, as a tar archive: the build's cache must not depend on anything else.
sources() {
    # shellcheck disable=SC2046 # one name per word is meant
    tar -c Cargo.toml Cargo.lock askama.toml src bench control-groups docker-box docker-proxy docker-streams guest jailer runner protocol tests/attacks docker/binaries \
        $(ls -d migrations seccomp docs .sqlx 2>/dev/null)
}

copy_if_changed() {
    cmp -s "$1" "$2" || cp "$1" "$2"
}

explain_missing_cargo() {
    fail "cargo is needed to build Assize, and is not installed here" \
        "Without a registry there is no Rust image to build in. Install on this host:" \
        "    Rust 1.94 or newer, with rustup (Debian 13's own, 1.85, is too old)" \
        "    a C compiler, as root:  apt-get install -y gcc libc6-dev"
}
