#!/usr/bin/env bash
# Packs what a machine without a registry needs into target/bundle/assize-VERSION-ARCHITECTURE.tar: images, programs,
# the files that start them, bills of materials, checksums and an installer. docs/operations/install.md says what
# comes next.
#
#   docker/bundle.sh [--as-built]     --as-built packs the images and programs that are there, and builds none
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/lib/say.sh
. docker/lib/engine.sh
. docker/lib/binaries.sh
. docker/lib/environments.sh

BUNDLES=target/bundle

main() {
    require_docker
    case ${1:-} in
        --as-built) ;;
        '')
            docker/images.sh
            ! host_builds_linux || quietly "Building the jailer (static) with cargo" build_jailer
            ;;
        *) fail "unknown option: $1" "usage: docker/bundle.sh [--as-built]" ;;
    esac
    name=assize-$(version)-$(uname -m)
    bundle=$BUNDLES/$name
    rm -rf "$bundle" "$bundle.tar"
    mkdir -p "$bundle/programs" "$bundle/materials"
    step "Bundle"
    list_images
    lay_programs
    lay_files
    list_materials
    quietly "Saving $(wc -l <"$bundle/images.txt") images" save_images
    write_checksums
    quietly "Packing" tar -C "$BUNDLES" -cf "$bundle.tar" "$name"
    say "$bundle.tar is built, $(du -h "$bundle.tar" | cut -f1)"
}

version() {
    sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1
}

# Boxes and services are a must; Java, what watches them, and the jailer come along where they were built.
list_images() {
    local environment image
    {
        for environment in $ENVIRONMENTS; do
            echo "assize/$environment:latest"
        done
        for image in rabbitmq:4 postgres:17 docker-proxy:latest worker:latest; do
            echo "assize/$image"
        done
        for image in java:latest prometheus:latest grafana:latest jailer:latest; do
            ! has_image "assize/$image" || echo "assize/$image"
        done
    } >"$bundle/images.txt"
    while read -r image; do
        has_image "$image" || fail "there is no image $image" "make images"
    done <"$bundle/images.txt"
}

has_image() {
    docker image inspect "$1" >/dev/null 2>&1
}

lay_programs() {
    local program
    for program in assize assize-docker-proxy; do
        [ -x "$BINARIES/$program" ] || fail "there is no $BINARIES/$program" "make images"
        cp "$BINARIES/$program" "$bundle/programs/"
    done
    # A machine with cargo builds it; for boxes of Docker it is not needed.
    if is_jailer_built; then
        cp "$BINARIES/assize-jailer" "$bundle/programs/"
    else
        say "assize-jailer is not in the bundle: none was built of these sources (cargo, and no --as-built)"
    fi
}

# What is in the tree under version control: no .env, and nothing that was built. The pages lead to each other and to
# these files; of what they name in the sources there is nothing here.
lay_files() {
    local pages=(README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE docs clients seccomp src/config/defaults.toml)
    local started=(docker-compose.yml .env.example deploy docker examples jailer/assize-jailer.service)
    git archive HEAD "${pages[@]}" "${started[@]}" | tar -x -C "$bundle"
    cp deploy/bundle/install.sh "$bundle/install.sh"
    # Compose itself, where it is not the system's own.
    [ ! -x .tools/docker-compose ] || install -D .tools/docker-compose "$bundle/.tools/docker-compose"
}

list_materials() {
    crates | crates_as_cyclonedx >"$bundle/materials/programs.json"
    # Those images that hold a list of their own.
    docker/sbom.sh assize/python3:latest >"$bundle/materials/python3.json"
    docker/sbom.sh assize/pytest:latest >"$bundle/materials/pytest.json"
}

# Name, version and licence of every crate in the programs, one a line.
crates() {
    cargo tree --locked -p assize -p assize-docker-proxy -p assize-jailer -e normal --prefix none --format '{p}|{l}' |
        sed -n 's/^\([^ ]*\) v\([^ |]*\)[^|]*|\([^"]*\).*/\1|\2|\3/p' | sort -u
}

crates_as_cyclonedx() {
    awk -F'|' '
        BEGIN { print "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1,\"components\":[" }
        {
            licence = $3 == "" ? "" : ",\"licenses\":[{\"license\":{\"name\":\"" $3 "\"}}]"
            printf "%s{\"type\":\"library\",\"name\":\"%s\",\"version\":\"%s\",\"purl\":\"pkg:cargo/%s@%s\"%s}", \
                (NR > 1 ? ",\n" : ""), $1, $2, $1, $2, licence
        }
        END { print "\n]}" }'
}

save_images() {
    xargs docker save <"$bundle/images.txt" | gzip -1 >"$bundle/images.tar.gz"
}

# Of every file but the list itself.
write_checksums() {
    (cd "$bundle" && find . -type f ! -name SHA256SUMS -print0 | LC_ALL=C sort -z | xargs -0 "${SHA256[@]}") \
        >"$BUNDLES/SHA256SUMS"
    mv "$BUNDLES/SHA256SUMS" "$bundle/SHA256SUMS"
}

main "$@"
