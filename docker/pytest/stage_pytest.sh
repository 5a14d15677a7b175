#!/bin/sh
# Stages pytest and what it imports into TREE, in a directory of its own that is on no path: the program that runs unit
# tests names it. It is compiled here because the root of a box is read-only.
set -eu

tree=$1
home=$tree/usr/lib/assize

mkdir -p "$home/pytest"
python3 -I - "$home/pytest" <<'END'
import importlib.util
import pathlib
import shutil
import sys

for name in ("_pytest", "iniconfig", "packaging", "pluggy", "py", "pytest"):
    found = pathlib.Path(importlib.util.find_spec(name).origin)
    target = pathlib.Path(sys.argv[1])
    if found.name == "__init__.py":
        shutil.copytree(found.parent, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(found, target)
END
python3 -I -m compileall -q -s "$tree" -p / --invalidation-mode unchecked-hash "$home/pytest" >/dev/null
python3 -I - "$(dirname "$0")/environment.json" >"$home/environment.json" <<'END'
import importlib.metadata
import json
import sys

with open(sys.argv[1]) as file:
    versions = json.load(file)
print(json.dumps({**versions, "pytest": importlib.metadata.version("pytest")}))
END
