#!/usr/bin/env bash
# Everything that has to pass: style, lints, documentation, tests on a real Docker Engine, RabbitMQ and
# PostgreSQL. Starts what it needs and removes it; the images stay, for the next run.
#
#   docker/test.sh             what every change has to pass
#   docker/test.sh --all       also the slow suites: every attack in every way, Java, soaks, faults of Docker and of a
#                              cluster
#   docker/test.sh --microvm   only boxes as virtual machines, with KVM where it works
#   ASSIZE_TEST_ACCELERATOR=tcg    not with KVM, even where it works
#   ASSIZE_TEST=all            the same as --all
#   ASSIZE_INSTALL_DOCKER=1    install and start Docker where it is missing (Debian, as root)
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh

# The places at which tests let a worker die; nothing else is built with them.
features=(--features assize/failpoints)
# The corpus of attacks on a second backend.
slow_attacks=every_attack_fails_in_boxes_by_nsjail_too
# Tests of programs beside others that compute without end on the same CPU.
busy_cpu=starvation::
# Tests in virtual machines.
machines=microvm::
# Tests that start, stop or freeze a Docker daemon, a cluster or an installation, judge hundreds of submissions, or open
# thousands of connections.
slow_services=(daemon_faults sick_host soak cluster:: backup:: bench crowds::)

main() {
    case ${1:-} in
        '') ;;
        --all) export ASSIZE_TEST=all ;;
        --microvm)
            only_machines
            return
            ;;
        *) fail "unknown option: $1" "usage: docker/test.sh [--all | --microvm]" ;;
    esac
    require_docker
    require_cargo
    require_shellcheck
    require_python
    require_chromium
    # Images and packages wait for their sources most of the time, the compiler for none.
    begin "Building the images, and installing what is tested with them" provide_images_and_clients
    lints
    # The boxes of this run are told from those of any other worker by its name.
    export ASSIZE__WORKER__ID=test-$$-$RANDOM
    quietly "Building the tests" cargo test --locked --workspace "${features[@]}" --no-run
    finish
    provide_jail
    [ "${ASSIZE_TEST:-}" != all ] || provide_machines
    alert_rules
    step "Manifests of Kubernetes"
    docker/manifests.sh
    fast_tests
    [ "${ASSIZE_TEST:-}" != all ] || slow_tests
    nothing_is_left
}

provide_images_and_clients() {
    local java=()
    [ "${ASSIZE_TEST:-}" != all ] || java=(--java)
    docker/client.sh --prepare &&
        docker/manifests.sh --prepare &&
        docker/images.sh --without-worker --quick --observe "${java[@]}"
}

lints() {
    step "Style and lints"
    quietly "cargo fmt --check" cargo fmt --all --check
    quietly "shellcheck" check_scripts
    quietly "cargo clippy" cargo clippy --locked --workspace --all-targets "${features[@]}" -- -D warnings
    quietly "cargo doc" env RUSTDOCFLAGS='-D warnings' cargo doc --locked --workspace --no-deps "${features[@]}"
}

# Every script of the tree, whatever it is called, those that are not committed yet among them.
check_scripts() {
    git ls-files -z --cached --others --exclude-standard |
        while IFS= read -r -d '' file; do [ ! -f "$file" ] || printf '%s\0' "$file"; done |
        xargs -0 awk 'FNR == 1 { if (/^#!.*[\/ ](ba)?sh( |$)|^# shellcheck shell=/) print FILENAME; nextfile }' |
        xargs shellcheck -x
}

alert_rules() {
    step "Alerts"
    quietly "promtool check config" docker/promtool.sh check config /etc/prometheus/prometheus.yml
    quietly "promtool test rules" docker/promtool.sh test rules /etc/prometheus/tests/assize.yml
}

fast_tests() {
    step "Tests without services"
    tests --lib --bins --test pure --test frames --test bounds --test rights --test handing_over
    # How busy this machine is has tests of its own, which set this themselves.
    export ASSIZE__LIMITS__STARVATION_FACTOR=1000
    # They wait half of their time.
    begin "Tests of the jailer, the backends, the Python client and the recipes" beside_others
    step "Tests in boxes of Docker and of nsjail"
    tests --test gateway --test boxes --test packages --test fidelity --test attacks -- \
        --test-threads=4 --skip="$slow_attacks" --skip="$busy_cpu" --skip="$machines"
    finish
    step "Tests of programs beside others that compute without end"
    # These tests keep a CPU busy, and others on it would be tests of a busy host.
    tests --test boxes -- --test-threads=1 "$busy_cpu"
    step "Tests between RabbitMQ, PostgreSQL and Docker"
    # Each of them waits most of its time, so more run at once than there are CPUs.
    tests --test services -- --test-threads=8 "${slow_services[@]/#/--skip=}"
}

beside_others() {
    tests --test jails
    tests --test backends -- --test-threads=2 --skip="$machines"
    docker/client.sh
}

slow_tests() {
    # Its test runs it as a program.
    quietly "Building the benchmark" cargo build --locked --workspace "${features[@]}"
    # Machines that a translator runs compute, and the others wait most of their time.
    begin "Tests in virtual machines" in_machines
    step "Faults of the Docker daemon, sick hosts, the short soaks, a cluster, backup and restore, the benchmark"
    tests --test services -- --test-threads=1 "${slow_services[@]}"
    finish
    step "Attacks on boxes of nsjail"
    tests --test attacks -- "$slow_attacks"
}

only_machines() {
    [ "$(id -u)" -eq 0 ] || fail "disks of machines are made by root, and this is $(id -un)" "sudo make test-microvm"
    require_cargo
    require_docker
    docker/images.sh --without-worker --quick
    docker/roots.sh "$PWD/target/jail/roots"
    provide_machines
    export ASSIZE_TEST=all
    choose_accelerator
    in_machines
}

in_machines() {
    tests --test backends --test attacks -- --test-threads=1 "$machines"
}

# Without a program of Firecracker tests/backends/firecracker.py stands in for it.
choose_accelerator() {
    if [ -z "${ASSIZE_TEST_ACCELERATOR:-}" ]; then
        ASSIZE_TEST_ACCELERATOR=tcg
        ! kvm_works || ASSIZE_TEST_ACCELERATOR=kvm
    fi
    export ASSIZE_TEST_ACCELERATOR
    if [ "$ASSIZE_TEST_ACCELERATOR" != kvm ]; then
        say "The machines are run by a translator (/dev/kvm is not there, does not work, or is not wanted)"
    elif command -v firecracker >/dev/null; then
        ASSIZE_TEST_FIRECRACKER=$(command -v firecracker)
        export ASSIZE_TEST_FIRECRACKER
    fi
}

# A device that opens is no proof: inside of some virtual machines QEMU ends when it sets the registers of a processor.
kvm_works() {
    local machine=(qemu-system-x86_64 -machine "q35,accel=kvm" -cpu host -nodefaults -display none -S -monitor stdio)
    (: <>/dev/kvm) 2>/dev/null && echo quit | timeout 20 "${machine[@]}" >/dev/null 2>&1
}

# usage: tests OPTION...
tests() {
    cargo test --locked --workspace "${features[@]}" "$@"
}

# Boxes by nsjail are made by root only; the tests of them say that they are skipped, or fail under CI.
provide_jail() {
    if [ "$(id -u)" -ne 0 ]; then
        say "Tests of boxes by nsjail are skipped: they need root"
        return
    fi
    docker/nsjail.sh "$PWD/target/jail/nsjail"
    docker/roots.sh "$PWD/target/jail/roots"
}

# Parts of virtual machines, and what runs them. Made by root only; the tests say that they are skipped, or fail under CI.
provide_machines() {
    if [ "$(id -u)" -ne 0 ]; then
        say "Tests of boxes as virtual machines are skipped: their parts are made by root"
        return
    fi
    command -v qemu-system-x86_64 >/dev/null || quietly "Installing QEMU" install_packages qemu-system-x86
    [ -x target/microvm/vsock/bin/vhost-device-vsock ] || quietly "Building what serves sockets of machines" install_vsock
    docker/microvm.sh --roots "$PWD/target/jail/roots" "$PWD/target/microvm/parts"
}

# For the test program that stands in for Firecracker, tests/backends/firecracker.py.
install_vsock() {
    CARGO_TARGET_DIR=target/microvm/vsock/build \
        cargo install --locked --root target/microvm/vsock --version 0.3.0 vhost-device-vsock
}

require_cargo() {
    command -v cargo >/dev/null && return
    fail "cargo is needed to run the tests, and is not installed here" \
        "Install Rust 1.94 or newer with rustup, and a C compiler (gcc)."
}

require_shellcheck() {
    command -v shellcheck >/dev/null && return
    if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
        quietly "Installing shellcheck" install_packages shellcheck
        return
    fi
    fail "shellcheck is needed to check the scripts, and is not installed here" \
        "On Debian or Ubuntu:  sudo apt-get install -y shellcheck"
}

# With virtual environments, in which tests install clients that others wrote.
require_python() {
    command -v python3 >/dev/null || fail "python3 is needed to run the tests, and is not installed here"
    /usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null && return
    if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
        quietly "Installing python3-venv" install_packages python3-venv
        return
    fi
    fail "python3 cannot make virtual environments here" \
        "On Debian or Ubuntu:  sudo apt-get install -y python3-venv"
}

# Tests of the page look at it in a real browser; without one they say that they are skipped, or fail under CI.
require_chromium() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null && return
    if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
        quietly "Installing Chromium" install_packages chromium
        return
    fi
    say "Tests of the page are skipped: they need Chromium (Debian: sudo apt-get install -y chromium)"
}

nothing_is_left() {
    local left
    left=$(docker ps -a --filter label=io.assize.boot --format '{{.Label "io.assize.worker"}} {{.ID}} {{.Status}}' |
        grep "^$ASSIZE__WORKER__ID") || true
    [ -z "$left" ] || fail "the tests left boxes behind" "$left"
    say "No box is left behind."
}

main "$@"
