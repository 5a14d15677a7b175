#!/usr/bin/env python3
"""Renders the chart with Helm's own engine, and holds what comes out against the schemas of Kubernetes and against the
manifests in deploy/kubernetes, without a cluster. Needs kubectl, for its kustomize, and two packages: helm-python-sdk,
which carries Helm 4, and kubernetes-validate, which carries the schemas. docker/manifests.sh installs them, and runs this.
Kinds of KEDA are in no schema there; they are only compared.
"""

import pathlib
import re
import subprocess
import sys

import helm_python as helm
import kubernetes_validate
import yaml

HERE = pathlib.Path(__file__).resolve().parent
CHART = HERE / "assize"
KUSTOMIZE = HERE.parent / "kubernetes" / "overlays" / "example"
VERSIONS = ["1.29", "1.32", "1.37"]

# What deploy/kubernetes/overlays/example sets.
AS_THE_EXAMPLE = {
    "worker": {
        "image": "registry.example/assize/worker:0.1.0",
        "resources": {"requests": {"cpu": "6", "memory": "24Gi"}, "limits": {"memory": "24Gi"}},
    },
    "dockerProxy": {"image": "registry.example/assize/docker-proxy:0.1.0"},
    "walls": {"socketGroup": 998},
    "keda": {"enabled": True},
    "serve": {"enabled": True, "callbackKey": "assize-callback-key"},
}
# Each switch thrown the other way.
OTHER_VALUES = {
    "walls": {"runtime": "crun"},
    "network": {"enabled": False},
    "imagePullSecrets": [{"name": "registry"}],
    "queues": {"work": "other", "bulk": "other.bulk"},
    "serve": {"enabled": True, "replicas": 3},
}
# What an overlay of kustomize says by variables, and a release by its settings.
VARIABLES = {"ASSIZE__WORKER__SLOTS", "ASSIZE__SANDBOX__CPUSET", "ASSIZE_DOCKER_PROXY_ALL_MEMORY_BYTES"}
# Values, and what the refusal says.
REFUSED = [
    ({"worker": {"terminationGracePeriodSeconds": 120}}, "terminationGracePeriodSeconds"),
    ({"keda": {"enabled": "yes"}}, "keda"),
    ({"workers": {}}, "workers"),
]


def main():
    # 1 is advice, such as an icon.
    findings = [finding for finding in helm.lint(str(CHART))["messages"] if finding["severity"] > 1]
    assert not findings, findings
    with helm.Chart.load(str(CHART)) as chart:
        for values in ({}, AS_THE_EXAMPLE, OTHER_VALUES):
            objects = rendered(chart, values)
            for version in VERSIONS:
                hold_against_schemas(objects, version)
        compare(rendered(chart, AS_THE_EXAMPLE), of_kustomize())
        for values, said in REFUSED:
            refused(chart, values, said)
    print("the chart holds")


def rendered(chart, values):
    chart.validate_schema(values)
    manifests = chart.render(values, name="assize", namespace="assize")
    documents = (yaml.safe_load_all(text) for name, text in manifests.items() if name.endswith(".yaml"))
    return {key(found): found for texts in documents for found in texts if found}


def of_kustomize():
    command = ["kubectl", "kustomize", str(KUSTOMIZE)]
    built = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {key(found): found for found in yaml.safe_load_all(built)}


def key(found):
    return found["kind"], without_digest(found["metadata"]["name"])


def without_digest(name):
    """Kustomize appends a digest of the content to names of settings."""
    return re.sub(r"(-settings)-[a-z0-9]{10}$", r"\1", name)


def hold_against_schemas(objects, version):
    for (kind, _name), found in objects.items():
        if not found["apiVersion"].startswith("keda.sh/"):
            kubernetes_validate.validate(found, version, strict=True)


def compare(chart, kustomize):
    namespace = kustomize.pop(("Namespace", "assize"))
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    assert chart.keys() == kustomize.keys(), chart.keys() ^ kustomize.keys()
    for (kind, name), expected in kustomize.items():
        # Settings are compared by the tests of Assize, which load them.
        if kind != "ConfigMap":
            left, right = plain(chart[kind, name]), plain(expected)
            assert left == right, f"{kind} {name}:\n{yaml.dump(left)}\n{yaml.dump(right)}"


def plain(value):
    """Without what differs on purpose: names of releases, digests, and what an overlay says by a variable."""
    if isinstance(value, dict):
        dropped = {"namespace", "annotations", "app.kubernetes.io/instance"}
        if "kind" in value and "metadata" in value:
            value = {**value, "metadata": {"name": value["metadata"]["name"]}}
        kept = {name: plain(inner) for name, inner in value.items() if name not in dropped}
        # A container whose variables are all said elsewhere has none.
        return {name: inner for name, inner in kept.items() if (name, inner) != ("env", [])}
    if isinstance(value, list):
        kept = [inner for inner in value if not (isinstance(inner, dict) and inner.get("name") in VARIABLES)]
        return [plain(inner) for inner in kept]
    return without_digest(value) if isinstance(value, str) else value


def refused(chart, values, said):
    try:
        rendered(chart, values)
    except helm.HelmError as error:
        assert said in str(error), error
        return
    raise AssertionError(f"{values} is not refused")


if __name__ == "__main__":
    sys.exit(main())
