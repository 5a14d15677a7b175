#!/usr/bin/env bash
# From a clean checkout to judged submissions: checks Docker, builds the images, starts
# RabbitMQ, PostgreSQL and a worker, sends every example submission through the queue.
#
#   ASSIZE_INSTALL_DOCKER=1    install and start Docker where it is missing (Debian, as root)
#   ASSIZE_IMAGES=...          see docker/images.sh
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/env.sh

compose=docker/compose.sh

main() {
    require_docker
    docker/images.sh
    "$compose" version >/dev/null
    step "RabbitMQ, PostgreSQL and one worker"
    provide_env
    start_services
    step "Example submissions"
    submit_examples
    tell_more
}

start_services() {
    quietly "Starting RabbitMQ and PostgreSQL" up rabbitmq postgres
    quietly "Starting the worker, and the proxy before Docker" up worker
}

# usage: up SERVICE...   Comes back when they are healthy; else shows what they said.
up() {
    "$compose" up -d --wait --wait-timeout 180 "$@" && return
    "$compose" ps -a
    "$compose" logs --no-log-prefix --tail 15 "$@"
    return 1
}

# Sends every example through RabbitMQ and prints the verdicts that come back. The worker's
# container has the same files under /problems.
submit_examples() {
    "$compose" exec -T worker /usr/local/bin/assize submit --examples /problems --wait
}

tell_more() {
    step "It runs. What next"
    say "one submission     docker/assize.sh submit examples/sum/submissions/accepted/sum.py --problem sum --wait"
    say "the worker's log   docker/compose.sh logs -f worker"
    say "more workers       docker/compose.sh up -d --scale worker=3"
    say "how it is          docker/compose.sh exec worker assize worker --check"
    say "the queues         http://127.0.0.1:$(setting ASSIZE_RABBITMQ_UI_PORT 15672)  user assize, password in .env"
    say "stop               make stop     (keeps the data)"
    say "remove everything  make destroy"
}

main
