#!/usr/bin/env bash
# Thousands of submissions, over AMQP and over HTTP, through three workers and the cluster of deploy/cluster, while
# its nodes are killed, cut off, paused and restarted, a disk is full, and the database fails over: every promise of
# docs/reliability.md has to hold. It starts a cluster that no other program uses, and removes it. Needs root: it drops
# packets between the nodes.
#
#   docker/soak-cluster.sh                 10000 submissions
#   ASSIZE_SOAK_SUBMISSIONS=500            at least so many; more while faults are made
#   ASSIZE_SOAK_SECONDS=3600               at most so long; else 4 hours
#   ASSIZE_SOAK_REPORT=FILE                also writes the report there, as JSON
#   ASSIZE_INSTALL_DOCKER=1                install and start Docker where it is missing (Debian, as root)
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh

main() {
    [ "$(id -u)" -eq 0 ] || fail "nodes are cut off by root, and this is $(id -un)" "sudo make soak-cluster"
    for program in nsenter iptables; do
        command -v "$program" >/dev/null || fail "$program is needed to cut off a node, and is not installed here" \
            "On Debian or Ubuntu:  sudo apt-get install -y util-linux iptables"
    done
    require_docker
    command -v cargo >/dev/null || fail "cargo is needed to build the worker, and is not installed here" \
        "Install Rust 1.94 or newer with rustup, and a C compiler (gcc)."
    docker/images.sh --without-worker
    docker/nsjail.sh "$PWD/target/jail/nsjail"
    docker/roots.sh "$PWD/target/jail/roots"
    docker/compose.sh version
    step "Soak of a cluster"
    export ASSIZE__WORKER__ID=soak-$$-$RANDOM
    cargo test --locked --workspace --test services -- --ignored --exact --nocapture \
        cluster::a_cluster_loses_nothing
}

main
