#!/usr/bin/env bash
# The tests of boxes on a host of another kind: a virtual machine with Debian's systemd, kernel and Docker, whose control
# groups are of version 2. Nothing of this host is changed; with /dev/kvm it takes a minute or two, and without, where
# QEMU translates every instruction, half an hour.
#
#   docker/test-vm.sh                     boxes of Docker and of nsjail, and the checks of the doctor
#   docker/test-vm.sh NAME...             only tests whose names contain one of these
#   ASSIZE_VM_ACCEL=kvm|tcg               decides instead of trying
#   ASSIZE_VM_SECONDS=3600                at most so long
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/base.sh
. docker/lib/environments.sh

machine=target/vm
features=(--features assize/failpoints)
GUEST_PACKAGES=systemd-sysv,dbus,udev,kmod,initramfs-tools,linux-image-cloud-amd64,docker.io,docker-cli,iptables,crun,libstdc++6,zlib1g

main() {
    [ "$(id -u)" -eq 0 ] || fail "the file systems of the machine belong to root, and this is $(id -un)" "sudo docker/test-vm.sh"
    require_docker
    require_programs
    mkdir -p "$machine"
    docker/images.sh --without-worker
    docker/nsjail.sh "$PWD/target/jail/nsjail"
    docker/roots.sh "$PWD/target/jail/roots"
    step "A virtual machine"
    quietly "Building the tests" build
    make_system
    quietly "Gathering programs, images and root directories" make_checkout "$@"
    step "Tests in it"
    boot
}

# The tests of the jailer run it as a program, and so have it built.
build() {
    cargo test --locked --workspace "${features[@]}" --test backends --test jails --no-run
}

require_programs() {
    command -v qemu-system-x86_64 >/dev/null && command -v mmdebstrap >/dev/null && return
    command -v apt-get >/dev/null || fail "qemu-system-x86_64 and mmdebstrap are needed, and are not both installed"
    quietly "Installing QEMU and mmdebstrap" install_packages qemu-system-x86 mmdebstrap debian-archive-keyring
}

# The system of the machine is made once, and again when what is below changes.
make_system() {
    local wanted
    wanted=$({ echo "$GUEST_PACKAGES" && declare -f build_system && cat docker/vm/system/*; } | sha256sum)
    [ "$(cat "$machine/system.inputs" 2>/dev/null)" != "$wanted" ] || return 0
    quietly "Building Debian with systemd and Docker from packages" build_system
    echo "$wanted" >"$machine/system.inputs"
}

build_system() {
    rm -rf "$machine/system" "$machine/system.ext4" &&
        mmdebstrap --variant=minbase --include="$GUEST_PACKAGES" \
            "$DEBIAN_SUITE" "$machine/system" ${ASSIZE_DEBIAN_MIRROR:+"$ASSIZE_DEBIAN_MIRROR"} || return
    install -m 755 docker/vm/system/run-tests "$machine/system/usr/local/sbin/" &&
        install -m 644 docker/vm/system/run-tests.service "$machine/system/etc/systemd/system/" &&
        install -D -m 644 docker/vm/system/daemon.json "$machine/system/etc/docker/daemon.json" &&
        ln -s ../run-tests.service "$machine/system/etc/systemd/system/multi-user.target.wants/" &&
        echo assize >"$machine/system/etc/hostname" || return
    cp -L "$machine/system/vmlinuz" "$machine/system/initrd.img" "$machine/" &&
        disk "$machine/system" "$machine/system.ext4" 4G && rm -rf "$machine/system"
}

# What tests look for below this directory has the same path in the machine.
make_checkout() {
    local checkout=$machine/checkout program
    rm -rf "$checkout"
    mkdir -p "$checkout/docker" "$checkout/target/debug" "$checkout/target/vm" "$checkout/target/jail/roots"
    cp -r docker/vm "$checkout/docker/" && cp -r examples seccomp "$checkout/" &&
        install -D -m 644 jailer/assize-jailer.service "$checkout/jailer/assize-jailer.service" || return
    cp -a target/jail/nsjail "$checkout/target/jail/" || return
    local environment images=()
    for environment in $ENVIRONMENTS; do
        images+=("assize/$environment")
        cp -a "target/jail/roots/$environment" "target/jail/roots/$(readlink "target/jail/roots/$environment")" \
            "$checkout/target/jail/roots/" || return
    done
    program=$(cargo test --locked --workspace "${features[@]}" --test backends --no-run 2>&1 |
        sed -n 's/.*(\(target[^)]*\))$/\1/p')
    strip -o "$checkout/target/vm/backends" "$program" &&
        strip -o "$checkout/target/debug/assize" target/debug/assize &&
        strip -o "$checkout/target/debug/assize-jailer" target/debug/assize-jailer &&
        docker save -o "$checkout/target/vm/images.tar" "${images[@]}" || return
    echo "$*" >"$checkout/target/vm/only"
    disk "$checkout" "$machine/checkout.ext4" 4G && rm -rf "$checkout"
}

# usage: disk DIRECTORY FILE SIZE
disk() {
    rm -f "$2"
    /sbin/mke2fs -q -t ext4 -d "$1" "$2" "$3"
}

accelerator() {
    if [ -n "${ASSIZE_VM_ACCEL:-}" ]; then
        echo "$ASSIZE_VM_ACCEL"
    elif [ -w /dev/kvm ] && grep -qwE 'vmx|svm' /proc/cpuinfo; then
        echo kvm
    else
        echo tcg
    fi
}

# What the machine changes on its disks is forgotten with it.
boot() {
    local accel
    accel=$(accelerator)
    say "by $accel; what it says while it starts is in $machine/boot.log"
    timeout "${ASSIZE_VM_SECONDS:-3600}" qemu-system-x86_64 -M q35 -accel "$accel" -cpu max -smp 2 -m 3G \
        -nodefaults -no-user-config -display none -no-reboot -snapshot \
        -kernel "$machine/vmlinuz" -initrd "$machine/initrd.img" \
        -append "root=/dev/vda rw console=ttyS0 quiet assize.checkout=$PWD" \
        -drive "file=$machine/system.ext4,format=raw,if=virtio" \
        -drive "file=$machine/checkout.ext4,format=raw,if=virtio" \
        -serial "file:$machine/boot.log" -serial stdio </dev/null | tee "$machine/out.log"
    grep -q '^run-tests: passed' "$machine/out.log" ||
        fail "the tests in the machine did not all pass" "What they said is above, and in $machine/out.log."
}

main "$@"
