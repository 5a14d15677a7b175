#!/usr/bin/env bash
# Builds the Debian package of worker, HTTP service, proxy before Docker and jailer for this kind of machine:
# target/debian/assize_VERSION_ARCHITECTURE.deb. Needs Rust, a C compiler and cargo-deb.
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/binaries.sh

main() {
    command -v cargo-deb >/dev/null || fail "cargo-deb is not installed here" "cargo install --locked cargo-deb"
    host_builds_linux || explain_missing_cargo
    mkdir -p "$BINARIES" target/debian
    quietly "Building the proxy and the jailer (static) with cargo" build_static
    quietly "Building the worker with cargo; the first time it takes minutes" build_assize
    without_worker='' refuse_failpoints
    lay_files
    rm -f target/debian/*.deb
    quietly "Packing" cargo deb --locked --no-build --package assize --output target/debian/
    say "$(echo target/debian/*.deb) is built; docs/operations/install.md says what comes next"
}

build_static() {
    build_docker_proxy && build_jailer
}

# What is in the package in another form than in the tree.
lay_files() {
    # cargo-deb calls systemd-sysusers with the name that the file has here.
    install -D -m 0644 deploy/systemd/sysusers.conf target/debian/sysusers.d/assize.conf
    install -D -m 0644 deploy/debian/tmpfiles.conf target/debian/tmpfiles.d/assize.conf
    sed 's|/usr/local/bin/|/usr/bin/|' jailer/assize-jailer.service >target/debian/assize-jailer.service
    "$BINARIES/assize" completions bash >target/debian/assize.bash
}

main "$@"
