# shellcheck shell=bash
# shellcheck disable=SC2034 # The scripts that read this file use them.
# The official images that the project's own are based on, where a registry can be reached: tag for the reader, digest
# of the index of all platforms for the daemon, so that two builds of one commit begin alike.
#
# To move one on:  docker buildx imagetools inspect --format '{{.Manifest.Digest}}' NAME:TAG

DEBIAN_OFFICIAL=debian:trixie-slim@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f
PYTHON_OFFICIAL=python:3.13-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285
RUST_OFFICIAL=rust:1-slim-trixie@sha256:70d3b1a5e21806b8615c3fb2a59abea6e931aa29bf93f0a9d9c46e743beae096
RABBITMQ_OFFICIAL=rabbitmq:4-management@sha256:ffd1b50c522ad20172ffd6716a2f41db375c7269560c8f3fb9a694e210ef0852
POSTGRES_OFFICIAL=postgres:17@sha256:d74eeac9a635390a49bc21bd49fccd973de707e2a53a76ac49b552b8712ec46f
PROMETHEUS_OFFICIAL=prom/prometheus:v3.5.0@sha256:63805ebb8d2b3920190daf1cb14a60871b16fd38bed42b857a3182bc621f4996
GRAFANA_OFFICIAL=grafana/grafana:12.3.0@sha256:70d9599b186ce287be0d2c5ba9a78acb2e86c1a68c9c41449454d0fc3eeb84e8
