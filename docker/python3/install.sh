#!/bin/sh
# Puts CPython, numpy and pandas into the build image: from PyPI when the base already brings
# an interpreter (the official python image), from Debian's packages otherwise.
set -eu

from_pypi() {
    pip install --no-cache-dir --root-user-action=ignore numpy pandas
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

if [ -x /usr/local/bin/python3 ]; then
    from_pypi
else
    from_debian
fi
