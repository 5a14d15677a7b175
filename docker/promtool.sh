#!/usr/bin/env bash
# promtool out of the image of Prometheus, on the files in deploy/prometheus, which it sees where Prometheus does:
#
#   docker/promtool.sh check config /etc/prometheus/prometheus.yml
#   docker/promtool.sh test rules /etc/prometheus/tests/assize.yml
set -euo pipefail
cd "$(dirname "$0")/.."

exec docker run --rm --network none --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp \
    -v "$PWD/deploy/prometheus:/etc/prometheus:ro" --entrypoint promtool assize/prometheus:latest "$@"
