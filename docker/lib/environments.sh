# shellcheck shell=bash disable=SC2034 # scripts that source it use what it names
# Environments of boxes: each has an image assize/NAME, a root directory for nsjail, and a disk for virtual machines.

ENVIRONMENTS='python3 pypy3 toolchain pytest'

# Those that were built here beside them: by `assize image build`, or for another language.
other_environments() {
    docker image ls --filter label=io.assize.environment --format '{{.Repository}}:{{.Tag}}' |
        sed -n 's|^assize/\(.*\):latest$|\1|p' | sort -u
}

# Those of which there are root directories in a directory, and those that there should be.
environments_in() {
    {
        echo "$ENVIRONMENTS" | tr ' ' '\n'
        find "$1" -mindepth 1 -maxdepth 1 -type l ! -name '.*' -printf '%f\n' 2>/dev/null
    } | sort -u
}
