#!/usr/bin/env bash
# Starts Prometheus beside the services of `make demo`, and Grafana where a registry answers: targets, alerts and the
# dashboard of deploy/. Both listen on 127.0.0.1 only, and have no password.
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/env.sh

main() {
    require_docker
    [ -f .env ] || fail "the services were never started here: there is no .env" "Start them with:  make demo"
    docker/images.sh --observe
    step "Prometheus"
    quietly "Starting Prometheus" docker/compose.sh --profile observe up -d --wait --wait-timeout 60 prometheus
    say "targets and alerts   http://127.0.0.1:$(setting ASSIZE_PROMETHEUS_PORT 9090)/targets  /alerts"
    start_grafana
}

# There is no package of it in Debian, so without a registry there is no Grafana.
start_grafana() {
    if ! docker image inspect assize/grafana:latest >/dev/null 2>&1; then
        say "no Grafana, since no registry answered; its dashboard is deploy/grafana/dashboards/assize.json"
        return
    fi
    quietly "Starting Grafana" docker/compose.sh --profile grafana up -d --wait --wait-timeout 60 grafana
    say "the dashboard        http://127.0.0.1:$(setting ASSIZE_GRAFANA_PORT 3000)/d/assize"
}

main
