#!/usr/bin/env bash
# Looks at what comes from others: licences, origins and known flaws of crates, and what the sandbox image is made of.
#
# The database of known flaws is fetched. Where it cannot be, that part is left out, and said to be.
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh

main() {
    command -v cargo-deny >/dev/null || fail "cargo-deny is not installed here" "cargo install cargo-deny"
    step "Crates"
    quietly "Licences, origins, bans" cargo deny --locked check licenses sources bans
    if cargo deny fetch db >/dev/null 2>&1; then
        quietly "Known flaws" cargo deny --locked check advisories
    else
        say "Known flaws: not looked at, the database cannot be fetched from here"
    fi
    step "Image"
    say "assize/python3 holds $(docker/sbom.sh | grep -c '"purl"') parts; docker/sbom.sh lists them"
}

main
