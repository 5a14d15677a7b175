#!/usr/bin/env bash
# The Python client: mypy, ruff, and its tests against the program target/debug/assize. Makes an environment of pinned
# packages below target/. Needs Docker with the images (`make images`), and python3.
#
#   docker/client.sh             everything; further arguments are those of pytest
#   docker/client.sh --models    writes the models anew, after a change of docs/openapi.json
#   docker/client.sh --prepare   only installs what it needs
#   docker/client.sh --lock      pins the newest packages in clients/python/requirements-test.txt
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/portable.sh
. docker/lib/python_environment.sh

CLIENT=clients/python
REQUIREMENTS=$CLIENT/requirements-test.txt
ENVIRONMENT=$PWD/target/client
PURPOSE="the Python client"

main() {
    require_python
    case ${1:-} in
        --lock) lock ;;
        --prepare) prepare ;;
        --models)
            provide_environment
            "$ENVIRONMENT/bin/python" "$CLIENT/generate.py"
            ;;
        *)
            prepare
            check "$@"
            ;;
    esac
}

prepare() {
    provide_environment
    provide_tools
}

check() {
    export PATH="$ENVIRONMENT/bin:$PATH"
    export ASSIZE_BINARY=${ASSIZE_BINARY:-$PWD/target/debug/assize}
    [ -x "$ASSIZE_BINARY" ] || fail "$ASSIZE_BINARY is missing" "Build it with:  cargo build --locked"
    cd "$CLIENT"
    quietly "ruff format --check" ruff format --check .
    quietly "ruff check" ruff check .
    quietly "mypy --strict" mypy
    pytest -q "$@"
}

require_python() {
    command -v python3 >/dev/null || install_or_fail python3
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
        fail "the Python client needs Python 3.10 or newer; python3 is $(python3 --version)"
}

# Recipes are tested where their programs are, or can be had; under CI their tests fail where they are not.
provide_tools() {
    local missing=()
    command -v curl >/dev/null || missing+=(curl)
    command -v jq >/dev/null || missing+=(jq)
    command -v node >/dev/null || missing+=(nodejs)
    [ ${#missing[@]} -gt 0 ] && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ] || return 0
    quietly "Installing ${missing[*]}" install_packages "${missing[@]}"
}

lock() {
    local tools
    tools=$(mktemp -d)
    # shellcheck disable=SC2064 # the directory of now is meant
    trap "rm -rf '$tools'" EXIT
    quietly "Fetching uv" fetch_uv "$tools"
    quietly "Pinning the newest packages" pin "$tools/bin/uv"
}

# For every Python that the client works with.
# usage: pin UV
pin() {
    cd "$CLIENT" &&
        "$1" pip compile --quiet pyproject.toml --group test --universal --python-version 3.10 --upgrade \
            --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
            --custom-compile-command 'docker/client.sh --lock' --output-file requirements-test.txt
}

main "$@"
