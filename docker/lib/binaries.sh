# shellcheck shell=bash
# Builds what goes into images: `runner`, static, for every box, `zygote.so` for those with CPython,
# `assize`, and `assize-docker-proxy`, static.
# With cargo where the host has it, in a rust image where not. Needs say.sh and engine.sh, and official.sh where a
# registry is used; sets BINARIES, reads without_worker. The worker, which takes longest by far, and the proxy are
# built beside the images of the boxes: after build_binaries comes finish_binaries.

BINARIES=target/images/bin

# usage: build_binaries registry|debian
build_binaries() {
    mkdir -p "$BINARIES"
    if host_builds_linux; then
        quietly "Building the runner (static) with cargo" build_runner
        quietly "Building the zygote's native half with cargo" build_zygote
        list_crates
        build_beside_images
    elif [ "$1" = registry ]; then
        quietly "Building both programs in $RUST_OFFICIAL; the first time takes minutes" build_in_image
    else
        explain_missing_cargo
    fi
}

build_beside_images() {
    if [ -n "$without_worker" ]; then
        begin "Building the Docker proxy (static) with cargo" build_docker_proxy
    else
        say "The worker is built beside the images; the first time it takes about 5 minutes on two cores"
        begin "Building the worker and the proxy with cargo" build_worker
    fi
    build_is_begun=yes
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
    copy_if_changed "target/$triple/box/libassize_zygote.so" "$BINARIES/zygote.so"
}

build_worker() {
    build_assize && build_docker_proxy
}

build_assize() {
    cargo build --locked --release -p assize --bin assize || return
    copy_if_changed target/release/assize "$BINARIES/assize"
}

# Static, as its image holds nothing else.
build_docker_proxy() {
    local triple
    triple=$(uname -m)-unknown-linux-gnu
    RUSTFLAGS='-C target-feature=+crt-static' \
        cargo build --locked -p assize-docker-proxy --release --target "$triple" || return
    copy_if_changed "target/$triple/release/assize-docker-proxy" "$BINARIES/assize-docker-proxy"
}

# Static, so that it needs nothing of the host or the image that it runs in.
build_jailer() {
    local triple
    triple=$(uname -m)-unknown-linux-gnu
    RUSTFLAGS='-C target-feature=+crt-static' \
        cargo build --locked -p assize-jailer --release --target "$triple" || return
    copy_if_changed "target/$triple/release/assize-jailer" "$BINARIES/assize-jailer"
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
    sources | build_image --build-arg BASE="$RUST_OFFICIAL" \
        -f docker/binaries/Dockerfile -t assize/binaries:latest - || return
    container=$(docker create --label io.assize=1 assize/binaries:latest none) || return
    docker cp "$container:/runner" "$BINARIES/runner" &&
        docker cp "$container:/zygote.so" "$BINARIES/zygote.so" &&
        docker cp "$container:/crates.txt" "$BINARIES/crates.txt" &&
        docker cp "$container:/assize-docker-proxy" "$BINARIES/assize-docker-proxy" &&
        docker cp "$container:/assize" "$BINARIES/assize"
    local copied=$?
    docker rm "$container" >/dev/null
    return $copied
}

# Only what cargo reads, as a tar archive: the build's cache must not depend on anything else.
sources() {
    # shellcheck disable=SC2046 # one name per word is meant
    tar -c Cargo.toml Cargo.lock askama.toml src bench docker-box docker-proxy guest jailer runner protocol tests/attacks docker/binaries \
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
