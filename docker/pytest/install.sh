#!/bin/sh
# Puts pytest into the build image: from PyPI when the base already brings an interpreter (the official python image),
# from Debian's packages otherwise. Both ways give the same version, or the image is not built.
set -eu

requirements=$(dirname "$0")/requirements.txt

if [ -x /usr/local/bin/python3 ]; then
    pip install --no-cache-dir --root-user-action=ignore --require-hashes --only-binary=:all: -r "$requirements"
else
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends python3 python3-pytest
fi
python3 -I - "$requirements" <<'END_OF_CHECK'
import re, sys
from importlib.metadata import version

pinned = dict(re.findall(r"^([\w-]+)==(\S+)", open(sys.argv[1]).read(), re.MULTILINE))
found = {name: version(name).split("+")[0] for name in pinned}
different = [f"{name} {found[name]} instead of {pinned[name]}" for name in pinned if found[name] != pinned[name]]
if different:
    sys.exit("the image would hold " + ", ".join(different) + "; change docker/pytest/requirements.txt, or the base")
END_OF_CHECK
