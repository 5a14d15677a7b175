#!/usr/bin/env bash
# Makes what microVMs consist of: Debian's cloud kernel with our first process, and a disk per environment out of the
# root directories that docker/roots.sh makes. Each is named by the digest of what is in it.
#
#   docker/microvm.sh [--roots ROOTS] [DIRECTORY]    DIRECTORY is /var/lib/assize/microvm unless another one is named,
#                                                    ROOTS is /var/lib/assize/roots
#   docker/microvm.sh --check [DIRECTORY]            holds each against its digest
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/base.sh
. docker/lib/binaries.sh
. docker/lib/environments.sh

# What drives the devices of QEMU and of Firecracker, in no order: the guest knows it.
MODULES='virtio_blk virtio_mmio virtio_rng vsock vmw_vsock_virtio_transport_common vmw_vsock_virtio_transport'

# The disk of a root directory is the same whenever it is made.
DISK_ID=5e5512e0-0000-4000-8000-000000000000
export SOURCE_DATE_EPOCH=0 E2FSPROGS_FAKE_TIME=1

main() {
    local what=make roots=/var/lib/assize/roots
    while [ $# -gt 0 ]; do
        case $1 in
            --check) what=check ;;
            --roots)
                [ $# -gt 1 ] || usage "--roots needs a directory"
                roots=$2
                shift
                ;;
            -*) usage "unknown option: $1" ;;
            *) break ;;
        esac
        shift
    done
    [ $# -le 1 ] || usage "unknown argument: $2"
    parts=${1:-/var/lib/assize/microvm}
    "$what"
}

usage() {
    fail "$1" "usage: docker/microvm.sh [--roots ROOTS | --check] [DIRECTORY]"
}

make() {
    [ "$(id -u)" -eq 0 ] || fail "disks are made of files that belong to root, and this is $(id -un)" \
        "sudo docker/microvm.sh"
    [ "$(uname -m)" = x86_64 ] || fail "microVMs are for x86_64, and this is $(uname -m)"
    [ -e "$roots/python3/." ] || fail "there is no root directory $roots/python3" "docker/roots.sh $roots"
    require_tools
    install -d -m 755 "$parts" "$BINARIES"
    quietly "Building the first process of the guest (static) with cargo" build_guest
    provide_package
    quietly "Making the kernel" make_kernel
    local environment
    for environment in $(environments_in "$roots"); do
        [ ! -e "$roots/$environment/." ] || quietly "Making the disk of $environment" make_disk "$environment"
    done
}

require_tools() {
    require_mmdebstrap
    local tool missing=()
    for tool in mke2fs:e2fsprogs zstd:zstd xz:xz-utils python3:python3; do
        command -v "${tool%:*}" >/dev/null || missing+=("${tool#*:}")
    done
    [ ${#missing[@]} -eq 0 ] || fail "these packages are needed, and not installed: ${missing[*]}" \
        "On Debian or Ubuntu:  sudo apt-get install -y ${missing[*]}"
}

# Debian's newest cloud kernel; apt verifies it. It is kept, and got anew when it is removed.
provide_package() {
    package=target/microvm/package
    [ ! -e "$package/boot" ] || { say "The kernel's package is in $package" && return; }
    quietly "Getting Debian's cloud kernel" get_package
}

get_package() {
    rm -rf "$package"
    mkdir -p target/microvm
    mmdebstrap --variant=extract --include=linux-image-cloud-amd64 "$DEBIAN_SUITE" "$package.new" \
        ${ASSIZE_DEBIAN_MIRROR:+"$ASSIZE_DEBIAN_MIRROR"} && mv "$package.new" "$package"
}

# What a kernel can do decides as much as its first process: one digest stands for both.
make_kernel() {
    local new=$parts/.kernel.new name image files=(init="$BINARIES/guest")
    image=$(echo "$package"/boot/vmlinuz-*)
    rm -rf "$new" && mkdir -m 755 "$new" || return
    python3 docker/microvm/payload.py "$image" | zstd -dcq >"$new/vmlinux" || return
    for name in $MODULES; do
        xz -dc "$(find "$package/usr/lib/modules" -name "${name//_/[_-]}.ko.xz")" >"$new/$name.ko" || return
        files+=("modules/$name.ko=$new/$name.ko")
    done
    python3 docker/microvm/initramfs.py "${files[@]}" >"$new/initramfs" || return
    basename "${image#*vmlinuz-}" >"$new/version"
    rm "$new"/*.ko
    install_part kernel "$new" "$(digest_of_kernel "$new")"
}

digest_of_kernel() {
    printf 'sha256:'
    cat "$1/vmlinux" "$1/initramfs" | sha256sum | cut -d ' ' -f 1
}

# An eighth and 16 MiB more than the files need, for what the file system is made of.
make_disk() {
    local environment=$1 new=$parts/.$1.new kib
    kib=$(du -s --apparent-size -k "$roots/$environment/" | cut -f 1)
    rm -f "$new"
    mke2fs -q -t ext4 -O ^has_journal,^metadata_csum_seed,^orphan_file -m 0 -b 4096 -U "$DISK_ID" \
        -E "hash_seed=$DISK_ID,lazy_itable_init=0,root_owner=0:0" \
        -d "$roots/$environment/" "$new" $((kib * 9 / 8 + 16384))k || return
    chmod 644 "$new"
    install_part "$environment" "$new" "$(digest_of_disk "$new")"
}

digest_of_disk() {
    printf 'sha256:'
    sha256sum "$1" | cut -d ' ' -f 1
}

# usage: install_part NAME NEW DIGEST   A link says which one it is; what is in use stays as it is.
install_part() {
    if [ -e "$parts/$3" ]; then rm -rf "$2"; else mv "$2" "$parts/$3" || return; fi
    ln -sfn "$3" "$parts/.$1.link" && mv -T "$parts/.$1.link" "$parts/$1"
}

check() {
    local name digest found damaged=()
    for name in kernel $(environments_in "$parts" | grep -vx kernel); do
        digest=$(readlink "$parts/$name") || fail "there is no $parts/$name" "docker/microvm.sh $parts"
        if [ "$name" = kernel ]; then found=$(digest_of_kernel "$parts/$digest"); else found=$(digest_of_disk "$parts/$digest"); fi
        if [ "$found" = "$digest" ]; then
            say "$name is as it was made ($digest)"
        else
            say "$name is damaged: it is $found, and was $digest"
            damaged+=("$parts/$digest")
        fi
    done
    [ ${#damaged[@]} -eq 0 ] || fail "parts of microVMs are damaged" "rm -rf ${damaged[*]} && docker/microvm.sh $parts"
}

main "$@"
