# shellcheck shell=bash
# Makes .env, which docker-compose.yml reads: random passwords, the group of the Docker socket,
# ports that are free. Never changes one that is there. Needs say.sh and images.

provide_env() {
    if [ -f .env ]; then
        say "Settings are in .env"
        compare_bounds
        return
    fi
    refuse_foreign_volumes
    (umask 077 && write_env >.env.new) || {
        rm -f .env.new
        fail "the group of the Docker socket or the CPUs of its host were not found, so there is no .env"
    }
    mv .env.new .env
    say "Wrote .env with random passwords"
}

write_env() {
    local group cpus
    group=$(socket_group) || return
    cpus=$(docker info --format '{{.NCPU}}') || return
    cat <<END
# Written by docker/demo.sh; .env.example explains each setting.
ASSIZE_RABBITMQ_PASSWORD=$(random_password)
ASSIZE_POSTGRES_PASSWORD=$(random_password)
ASSIZE_DOCKER_SOCKET=$(socket_path)
ASSIZE_DOCKER_GROUP=$group
ASSIZE_RABBITMQ_PORT=$(free_port 5672)
ASSIZE_RABBITMQ_UI_PORT=$(free_port 15672)
ASSIZE_POSTGRES_PORT=$(free_port 5432)
ASSIZE_HTTP_PORT=$(free_port 8751)
$(bounds "$cpus")
END
}

# usage: bounds CPUS   What all boxes may have together, by their limits, on a host with so many: what two workers with a
# slot for each of them ask for, 12 GiB and 32 MiB, 2,048 processes and 8 CPUs a slot (docs/operations/sizing.md).
bounds() {
    echo "ASSIZE_BOXES_MEMORY_BYTES=$(($1 * 2 * (12 * 1024 + 32) << 20))"
    echo "ASSIZE_BOXES_PROCESSES=$(($1 * 4096))"
    echo "ASSIZE_BOXES_CPUS=$(($1 * 16))"
}

# Docker Desktop and virtual machines get more CPUs at times, and a worker has more slots then.
compare_bounds() {
    local cpus bound
    cpus=$(docker info --format '{{.NCPU}}') || return 0
    bound=$(setting ASSIZE_BOXES_CPUS $((cpus * 16)))
    [ "$bound" -lt $((cpus * 16)) ] || return 0
    say "Docker's host has $cpus CPUs, and .env allows boxes less than these need. Put into it, in place of what it says:"
    bounds "$cpus" | while read -r line; do say "    $line"; done
}

# usage: setting NAME DEFAULT   What .env says.
setting() {
    local value
    value=$(sed -n "s/^$1=//p" .env)
    echo "${value:-$2}"
}

random_password() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# A rootless daemon has its socket elsewhere, and DOCKER_HOST says where.
socket_path() {
    case ${DOCKER_HOST:-} in
        unix://*) echo "${DOCKER_HOST#unix://}" ;;
        *) echo "${ASSIZE_DOCKER_SOCKET:-/var/run/docker.sock}" ;;
    esac
}

# Seen from inside a container, since the daemon may live in a virtual machine.
socket_group() {
    docker run --rm --network none --entrypoint stat \
        -v "$(socket_path):/var/run/docker.sock" \
        assize/worker:latest -c %g /var/run/docker.sock
}

# The usual port, or the first one after adding 10000 without a listener.
free_port() {
    local port=$1
    while port_answers "$port"; do
        port=$((port == $1 ? port + 10000 : port + 1))
    done
    echo "$port"
}

port_answers() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Both services keep the passwords of their first start in their data.
refuse_foreign_volumes() {
    local volumes
    volumes=$(docker volume ls -q --filter label=com.docker.compose.project=assize)
    [ -z "$volumes" ] || fail "there is data of an earlier demo, but .env with its passwords is gone" \
        "Bring .env back, or remove that data:  make destroy"
}
