# shellcheck shell=bash
# Finds out whether Docker can be used, and says what to do when it cannot. Needs say.sh.

require_docker() {
    command -v docker >/dev/null || offer_to_install_docker
    docker version >/dev/null 2>&1 || offer_to_start_docker
    docker version >/dev/null 2>&1 || explain_silent_daemon
}

offer_to_install_docker() {
    if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
        fail "Docker is not installed: there is no 'docker' command" \
            "On Debian or Ubuntu, as root:  apt-get install -y docker.io" \
            "On other systems, install Docker Engine or Docker Desktop, then run this again."
    fi
    agreed ASSIZE_INSTALL_DOCKER "Docker is not installed. Run 'apt-get install -y docker.io' now?" ||
        fail "Docker is not installed: there is no 'docker' command" \
            "Install it with:      apt-get install -y docker.io" \
            "or let this script:   ASSIZE_INSTALL_DOCKER=1 make demo"
    quietly "Installing Docker (docker.io)" install_packages docker.io
    # From Debian 13 on, the command comes in a package of its own.
    command -v docker >/dev/null || quietly "Installing the docker command" install_packages docker-cli
}

offer_to_start_docker() {
    if daemon_refuses_us || [ "$(id -u)" -ne 0 ] || ! command -v dockerd >/dev/null; then
        return 0
    fi
    agreed ASSIZE_INSTALL_DOCKER "The Docker daemon is not running. Start it now?" || return 0
    quietly "Starting the Docker daemon" start_daemon
}

start_daemon() {
    if [ -d /run/systemd/system ]; then
        systemctl start docker
    elif ! service docker start; then
        nohup dockerd >/var/log/dockerd.log 2>&1 &
    fi
    wait_for_daemon
}

wait_for_daemon() {
    local deadline=$((SECONDS + 60))
    until docker version >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.5
    done
}

explain_silent_daemon() {
    if daemon_refuses_us; then
        fail "the Docker daemon runs, but you ($(id -un)) may not use it" \
            "Add yourself to its group and log in again:  sudo usermod -aG docker $(id -un)" \
            "or run this as root."
    fi
    fail "Docker is installed, but its daemon does not answer" \
        "Start it with one of:  systemctl start docker | service docker start | Docker Desktop" \
        "What 'docker version' says:  $(docker version 2>&1 >/dev/null | tail -n 1)"
}

daemon_refuses_us() {
    case $(docker version 2>&1 || true) in
        *[Pp]'ermission denied'*) return 0 ;;
        *) return 1 ;;
    esac
}

# Yes by variable, or by a person at a terminal; never by silence.
agreed() {
    local variable=$1 question=$2 answer
    [ "${!variable:-}" != 1 ] || return 0
    [ -t 0 ] && [ -t 1 ] || return 1
    read -r -p "    $question [y/N] " answer
    [ "$answer" = y ] || [ "$answer" = Y ]
}

# Engines from 23 on want to build with BuildKit, whose client is a plugin that may be absent.
choose_builder() {
    docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
}

# On the host's network, the only one that builds everywhere: a bridge may have no way to a
# name server. Nothing stays behind of a build that fails.
build_image() {
    docker build --force-rm --network host --label io.assize=1 "$@"
}

install_packages() {
    apt-get update -q &&
        DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
}
