#!/usr/bin/env bash
# Holds what is in deploy/kubernetes and deploy/helm against the schemas of Kubernetes and against each other, without a
# cluster. Makes an environment of pinned packages below target/. Needs kubectl, for its kustomize, and python3.
#
#   docker/manifests.sh             everything
#   docker/manifests.sh --prepare   only installs what it needs
#   docker/manifests.sh --lock      pins the newest packages in deploy/requirements.txt
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/portable.sh
. docker/lib/python_environment.sh

REQUIREMENTS=deploy/requirements.txt
ENVIRONMENT=$PWD/target/manifests
PURPOSE="Helm and the schemas of Kubernetes"

main() {
    case ${1:-} in
        '' | --prepare) ;;
        --lock)
            lock
            return
            ;;
        *) fail "unknown option: $1" "usage: docker/manifests.sh [--prepare | --lock]" ;;
    esac
    if ! command -v kubectl >/dev/null; then
        cannot_run
        return
    fi
    provide_environment
    [ "${1:-}" != --prepare ] || return 0
    export PATH="$ENVIRONMENT/bin:$PATH"
    quietly "Manifests of Kubernetes" deploy/kubernetes/check.sh
    quietly "Helm chart" "$ENVIRONMENT/bin/python" deploy/helm/check.py
}

# Debian has no kubectl whose kustomize knows components.
cannot_run() {
    [ -z "${CI:-}" ] || fail "kubectl is needed to check the manifests of Kubernetes, and is not installed here"
    say "The manifests of Kubernetes are not checked: they need kubectl (https://kubernetes.io/docs/tasks/tools/)"
}

lock() {
    local tools
    tools=$(mktemp -d)
    # shellcheck disable=SC2064 # the directory of now is meant
    trap "rm -rf '$tools'" EXIT
    fetch_uv "$tools"
    printf '%s\n' helm-python-sdk kubernetes-validate |
        "$tools/bin/uv" pip compile --quiet - --universal --python-version 3.10 --upgrade --generate-hashes \
            --no-emit-index-url --no-emit-find-links --no-annotate \
            --custom-compile-command 'docker/manifests.sh --lock' --output-file "$REQUIREMENTS"
    say "Pinned in $REQUIREMENTS"
}

main "$@"
