#!/usr/bin/env bash
# Builds what is in every box for arm64 on a machine of another kind, and runs its unit tests in a virtual machine that
# QEMU translates: the kernel of arm64 takes the filters and has the numbers of its calls. Root, for the file systems of
# another architecture; needs Docker, and Debian's packages.
#
#   docker/arm64.sh                     everything; the first time some ten minutes on two cores
#   docker/arm64.sh --build-only        no virtual machine
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/base.sh

# The compiler of Debian 13 is too old.
COMPILER_SUITE=forky
COMPILER_IMAGE=assize/cross-arm64:latest
COMPILER_PACKAGES=ca-certificates,cargo,rustc,gcc,libc6-dev,libstd-rust-dev:arm64,gcc-aarch64-linux-gnu,libc6-dev-arm64-cross
GUEST_PACKAGES=linux-image-cloud-arm64,busybox-static

TRIPLE=aarch64-unknown-linux-gnu
# Whose unit tests run in the machine.
TESTED='assize-protocol assize-seccomp assize-child assize-runner assize-guest-protocol assize-control-groups'
MACHINE_SECONDS=1800

main() {
    [ $# -eq 0 ] || [ "$*" = --build-only ] || fail "unknown option: $1" "usage: docker/arm64.sh [--build-only]"
    [ "$(id -u)" -eq 0 ] || fail "file systems of another architecture belong to root, and this is $(id -un)" \
        "sudo docker/arm64.sh"
    require_docker
    require_mmdebstrap
    mkdir -p target/arm64/build
    provide_compiler
    step "Programs for arm64"
    quietly "Building the runner and the tests of what is in every box (static)" build_static
    quietly "Building the zygote's native half" build_zygote
    [ $# -eq 0 ] || return 0
    step "A virtual machine"
    require_emulator
    provide_system
    quietly "Putting the machine together" make_machine
    run_machine
}

provide_compiler() {
    ! docker image inspect "$COMPILER_IMAGE" >/dev/null 2>&1 || return 0
    quietly "Making an image of a compiler from Debian's packages" make_compiler
}

# A release that is not stable yet has files that are valid for days, and mirrors keep them longer. They are signed all the
# same.
make_compiler() {
    set -o pipefail
    mmdebstrap --variant=apt --architectures=amd64,arm64 --include="$COMPILER_PACKAGES" \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt=force-unsafe-io "$COMPILER_SUITE" - ${ASSIZE_DEBIAN_MIRROR:+"$ASSIZE_DEBIAN_MIRROR"} |
        docker import --change 'LABEL io.assize=1' - "$COMPILER_IMAGE"
}

# Crates that this machine has are not loaded again.
# usage: cargo_in_container OPTION...   of docker run, `--`, and what cargo is given
cargo_in_container() {
    local options=()
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    mkdir -p "$HOME/.cargo/registry"
    docker run --rm --network host --label io.assize=1 "${options[@]}" \
        -v "$PWD:/src:ro" -v "$PWD/target/arm64/build:/target" -v "$HOME/.cargo/registry:/cargo/registry" -w /src \
        -e CARGO_HOME=/cargo -e CARGO_TARGET_DIR=/target -e CARGO_INCREMENTAL=0 -e PYO3_NO_PYTHON=1 \
        -e CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
        -e CC_aarch64_unknown_linux_gnu=aarch64-linux-gnu-gcc \
        "$COMPILER_IMAGE" cargo "$@" --locked --target "$TRIPLE"
}

STATIC=(-e "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS=-C target-feature=+crt-static")

build_static() {
    local crate packages=()
    for crate in $TESTED; do
        packages+=(-p "$crate")
    done
    cargo_in_container "${STATIC[@]}" -- build --profile box -p assize-runner -p assize-guest &&
        cargo_in_container "${STATIC[@]}" -- test --no-run --features assize-seccomp/filters "${packages[@]}" 2>&1 |
        tee target/arm64/tests.log
    # Of a line as `Executable unittests src/main.rs (/target/…)`.
    sed -n 's#^ *Executable .*(/target/\(.*\))$#target/arm64/build/\1#p' target/arm64/tests.log >target/arm64/tests
    [ -s target/arm64/tests ]
}

build_zygote() {
    cargo_in_container -- build --profile box -p assize-zygote
}

require_emulator() {
    local tool missing=()
    for tool in qemu-system-aarch64:qemu-system-arm cpio:cpio; do
        command -v "${tool%:*}" >/dev/null || missing+=("${tool#*:}")
    done
    [ ${#missing[@]} -eq 0 ] || quietly "Installing ${missing[*]}" install_packages "${missing[@]}"
}

# Its packages are unpacked and not configured: nothing of them could run on this machine.
provide_system() {
    [ ! -e target/arm64/system/boot ] || return 0
    quietly "Getting Debian's kernel for arm64" get_system
}

get_system() {
    rm -rf target/arm64/system.new
    mmdebstrap --variant=extract --architectures=arm64 --include="$GUEST_PACKAGES" "$DEBIAN_SUITE" \
        target/arm64/system.new ${ASSIZE_DEBIAN_MIRROR:+"$ASSIZE_DEBIAN_MIRROR"} &&
        mv target/arm64/system.new target/arm64/system
}

# Everything lies in the memory of the machine, which so needs no module of a device.
make_machine() {
    local root=target/arm64/root test
    rm -rf "$root"
    mkdir -p "$root"/{bin,dev,proc,sys,tmp,tests} && cp target/arm64/system/usr/bin/busybox "$root/bin/" || return
    while read -r test; do
        cp "$test" "$root/tests/" || return
    done <target/arm64/tests
    install -m 755 docker/arm64/init "$root/init" &&
        (cd "$root" && find . | cpio -o -H newc --quiet) >target/arm64/initramfs
}

# The machine says at its end what came of it: its console is all that comes out.
run_machine() {
    say "Tests in it:"
    timeout "$MACHINE_SECONDS" qemu-system-aarch64 -machine virt -cpu max -smp 2 -m 2G -display none -no-reboot -net none \
        -serial stdio -kernel "$(echo target/arm64/system/boot/vmlinuz-*)" -initrd target/arm64/initramfs \
        -append 'console=ttyAMA0 quiet panic=-1' </dev/null | tee target/arm64/console.log | sed 's/\r$//'
    grep -q '^arm64: everything passed' target/arm64/console.log ||
        fail "something failed on arm64" "What the machine said is in target/arm64/console.log"
}

main "$@"
