# shellcheck shell=bash
# A RabbitMQ and a PostgreSQL that no other program uses, for measurements. Sourced after say.sh, never run.

PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
# Containers: RabbitMQ, then PostgreSQL.
services=()

# Starts both, waits for them, and removes them when the script ends. `quietly` and `begin` have a trap of their own, so
# neither is used behind this. The arrays broker_options, database_options and database_command add to the containers.
own_services() {
    say "Starting RabbitMQ and PostgreSQL"
    trap remove_services EXIT
    start_service -p 127.0.0.1:0:5672 -e RABBITMQ_DEFAULT_USER=assize -e RABBITMQ_DEFAULT_PASS="$PASSWORD" \
        "${broker_options[@]}" assize/rabbitmq:4
    start_service -p 127.0.0.1:0:5432 -e POSTGRES_USER=assize -e POSTGRES_PASSWORD="$PASSWORD" -e POSTGRES_DB=assize \
        "${database_options[@]}" assize/postgres:17 "${database_command[@]}"
    wait_until docker exec "${services[0]}" rabbitmq-diagnostics -q check_port_connectivity
    wait_until docker exec "${services[1]}" pg_isready -q -h 127.0.0.1 -U assize -d assize
    ASSIZE__BROKER__URL="amqp://assize:$PASSWORD@$(address "${services[0]}" 5672)/%2f"
    ASSIZE__STORE__URL="postgres://assize:$PASSWORD@$(address "${services[1]}" 5432)/assize"
    export ASSIZE__BROKER__URL ASSIZE__STORE__URL
}

broker_options=() database_options=() database_command=()

# usage: start_service OPTION... IMAGE [COMMAND...]
start_service() {
    services+=("$(docker run -d --hostname services --label io.assize.bench=services "$@")")
}

# usage: wait_until COMMAND...
wait_until() {
    local deadline=$((SECONDS + 90))
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || { "$@"; return 1; }
        sleep 0.5
    done
}

# usage: address CONTAINER PORT
address() {
    docker port "$1" "$2/tcp" | head -n 1
}

remove_services() {
    [ ${#services[@]} -eq 0 ] || docker rm -fv "${services[@]}" >/dev/null
}
