#!/usr/bin/env bash
# From a clean checkout to judged submissions: checks Docker, builds the images, starts
# RabbitMQ, PostgreSQL, a worker and the HTTP service, sends example submissions through the queue and one over HTTP.
#
#   ASSIZE_INSTALL_DOCKER=1    install and start Docker where it is missing (Debian, as root)
#   ASSIZE_IMAGES=...          see docker/images.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/binaries.sh
. docker/lib/env.sh

compose=docker/compose.sh
# Not --json, which curl knows only since 7.82.
JSON='Content-Type: application/json'
# One problem of each kind: standard output, interactive, unit tests, calls, points, several passes.
EXAMPLES='sum guess account merge scores twice'
PROGRAM='{"source": "print(6 * 7)"}'

main() {
    require_docker
    docker/images.sh --quick --only-python
    # What the examples below do not need is built while they are judged.
    begin "Building the images of PyPy and of the compilers" docker/images.sh --quick
    "$compose" version >/dev/null
    step "RabbitMQ, PostgreSQL, one worker and the HTTP service"
    provide_env
    start_services
    provide_token
    step "Example submissions"
    submit_examples
    step "A program over HTTP"
    run_over_http
    finish
    tell_more
}

start_services() {
    quietly "Starting RabbitMQ and PostgreSQL" up rabbitmq postgres
    quietly "Starting the worker, and the proxy before Docker" up worker
    quietly "Starting the HTTP service" up serve
}

# A token of the person at this host, who may do everything. It is shown once, so .env keeps it.
provide_token() {
    local token
    token=$(setting ASSIZE_HTTP_TOKEN "")
    [ -z "$token" ] || return 0
    token=$("$compose" exec -T serve assize token new operator --scope admin)
    echo "ASSIZE_HTTP_TOKEN=$token" >>.env
    say "Wrote a token for the HTTP service to .env"
}

# usage: up SERVICE...   Comes back when they are healthy; else shows what they said.
up() {
    "$compose" up -d --wait --wait-timeout 180 "$@" && return
    "$compose" ps -a
    "$compose" logs --no-log-prefix --tail 15 "$@"
    return 1
}

# Sends them through RabbitMQ and prints the verdicts that come back. The worker's container has the examples under
# /problems.
submit_examples() {
    # shellcheck disable=SC2046,SC2086 # one problem per word is meant
    "$compose" exec -T -e COLUMNS="$(columns)" worker /usr/local/bin/assize submit --examples $(printf '/problems/%s ' $EXAMPLES) --wait
}

# How wide the terminal is, which the container does not see.
columns() {
    { stty size </dev/tty | cut -d ' ' -f 2; } 2>/dev/null || echo 80
}

run_over_http() {
    if ! command -v curl >/dev/null; then
        say "curl is not installed here, so nothing was sent"
        return
    fi
    curl --silent --show-error --fail-with-body --header "Authorization: Bearer $(setting ASSIZE_HTTP_TOKEN "")" \
        --header "$JSON" --data "$PROGRAM" "$(http_address)/v1/run"
    echo
}

http_address() {
    echo "http://127.0.0.1:$(setting ASSIZE_HTTP_PORT 8751)"
}

# The last three lines work as they stand.
tell_more() {
    local token
    token=$(setting ASSIZE_HTTP_TOKEN "")
    step "It runs. What next"
    say "the worker's log   docker/compose.sh logs -f worker"
    say "settings           docker-compose.override.yml  (docs/operations/install.md)"
    say "all examples       docker/compose.sh exec worker assize submit --examples /problems --wait"
    say "how it is          docker/assize.sh status"
    say "the queues         http://127.0.0.1:$(setting ASSIZE_RABBITMQ_UI_PORT 15672)  user assize, password in .env"
    ! is_quick || say "a faster worker    make images && docker/compose.sh up -d  (this one is not optimised)"
    say "stop               make stop     (keeps the data)"
    say "remove everything  make destroy"
    step "Try it: a program over HTTP, the page and its token, a submission over RabbitMQ"
    echo "curl $(http_address)/v1/run -H 'Authorization: Bearer $token' -H '$JSON' -d '$PROGRAM'"
    echo "$(http_address)/   log in with $token"
    echo "docker/assize.sh submit examples/sum/submissions/accepted/sum.py --problem sum --wait"
}

# A test sources this file, to run the lines that tell_more prints.
[ "${BASH_SOURCE[0]}" != "$0" ] || main
