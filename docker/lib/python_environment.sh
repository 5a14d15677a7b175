# shellcheck shell=bash
# An environment of pinned Python packages. Sourced after say.sh, engine.sh and portable.sh, never run. Who sources it sets
# REQUIREMENTS, a file of pins with hashes; ENVIRONMENT, the directory; and PURPOSE, what the packages are for.

# Nothing that pip finds elsewhere changes what is installed, or what is imported.
unset PYTHONPATH PYTHONHOME PIP_REQUIRE_VIRTUALENV

# What is there is used as long as neither the pins nor the interpreter have changed.
provide_environment() {
    local state
    state=$(python3 -c 'import sys; print(sys.version, sys.base_prefix)' && sha256 <"$REQUIREMENTS")
    [ "$(cat "$ENVIRONMENT/state" 2>/dev/null)" != "$state" ] || return 0
    rm -rf "$ENVIRONMENT"
    quietly "Making an environment for $PURPOSE" make_environment
    quietly "Installing its pinned packages" install_pinned
    printf '%s\n' "$state" >"$ENVIRONMENT/state"
}

# Debian's python3 can make environments only with a package of its own.
make_environment() {
    mkdir -p "$(dirname "$ENVIRONMENT")"
    python3 -m venv "$ENVIRONMENT" && return
    rm -rf "$ENVIRONMENT"
    install_or_fail python3-venv && python3 -m venv "$ENVIRONMENT"
}

install_pinned() {
    "$ENVIRONMENT/bin/python" -m pip install --disable-pip-version-check --quiet --require-hashes --only-binary :all: -r "$REQUIREMENTS"
}

# usage: install_or_fail PACKAGE
install_or_fail() {
    if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
        install_packages "$1"
        return
    fi
    fail "$1 is needed for $PURPOSE, and is not installed here" \
        "On Debian or Ubuntu:  sudo apt-get install -y $1"
}

# usage: fetch_uv DIRECTORY
fetch_uv() {
    python3 -m venv "$1" && "$1/bin/python" -m pip install --disable-pip-version-check --quiet uv
}
