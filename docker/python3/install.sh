#!/bin/sh
# Puts CPython, numpy and pandas into the build image: from PyPI when the base already brings
# an interpreter (the official python image), from Debian's packages otherwise.
set -eu

from_pypi() {
    pip install --no-cache-dir --root-user-action=ignore --require-hashes --only-binary=:all: \
        -r "$(dirname "$0")/requirements.txt"
    ln -sf /usr/local/bin/python3 /usr/bin/python3
}

# OpenBLAS with threads, of which the image's environment allows one: a forked interpreter keeps
# none, and a matrix product uses the one CPU that the box is measured on. The serial build has no
# locks: two threads of a program that multiply at once get wrong results. Its package makes it
# the system's BLAS.
from_debian() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -qy --no-install-recommends \
        python3 python3-numpy python3-pandas libopenblas0-pthread tzdata
}

# The two ways give the same versions, or the image is not built: a verdict must not depend on the way.
check_versions() {
    python3 -I - "$(dirname "$0")/requirements.txt" <<'END'
import re, sys
from importlib.metadata import version

pinned = dict(re.findall(r"^([\w-]+)==(\S+)", open(sys.argv[1]).read(), re.MULTILINE))
# Debian marks what it repacked with a local version, as in 2.2.3+dfsg.
found = {name: version(name).split("+")[0] for name in ("numpy", "pandas")}
found["python"] = "%d.%d" % sys.version_info[:2]
expected = {"python": "3.13", "numpy": pinned["numpy"], "pandas": pinned["pandas"]}
different = [f"{name} {found[name]} instead of {expected[name]}" for name in found if found[name] != expected[name]]
if different:
    sys.exit("the image would hold " + ", ".join(different) + "; change docker/python3/requirements.txt, or the base")
END
}

if [ -x /usr/local/bin/python3 ]; then
    from_pypi
else
    from_debian
fi
check_versions
