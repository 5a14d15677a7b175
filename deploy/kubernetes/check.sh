#!/usr/bin/env bash
# Builds the manifests and holds each of them against the schemas of Kubernetes, without a cluster. Needs kubectl, for its
# kustomize, and the package kubernetes-validate, which carries the schemas. docker/manifests.sh installs it, and runs
# this. Kinds of KEDA are in no schema there; they are only built.
set -euo pipefail
cd "$(dirname "$0")"

# A document for each kind that Kubernetes itself knows.
without_keda() {
    awk 'BEGIN { RS = "---\n" } !/apiVersion: keda.sh/ { printf "---\n%s", $0 }'
}

built=$(mktemp)
trap 'rm -f "$built" "$built.core"' EXIT
for directory in base overlays/*/; do
    kubectl kustomize "$directory" >"$built"
    without_keda <"$built" >"$built.core"
    for version in 1.29 1.32 1.37; do
        kubernetes-validate --strict --quiet --no-warn -k "$version" "$built.core"
    done
    echo "$directory holds"
done
