"""Says what an image is made of: a bill of materials in CycloneDX 1.6 (JSON) on standard output.

    sbom.py TREE [CRATES]

Run where the tree was staged: Debian's packages are asked which of them a staged file belongs to, Python's
distributions say their names themselves. CRATES holds a line per crate of our own programs: `name vVERSION`.
"""

import importlib.metadata
import json
import os
import subprocess
import sys


def debian(tree):
    """Packages that own a file of the tree, under the name that it had before it was staged."""
    try:
        owners = owned_files()
    except FileNotFoundError:
        return []
    found = set()
    for directory, _, names in os.walk(tree):
        for name in names:
            path = os.path.join(directory, name)[len(tree) :]
            for known in (path, os.path.realpath(path)):
                found |= owners.get(known, set())
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version} ${Architecture}\n"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    packages = (line.split() for line in listed.splitlines())
    return [
        component("library", name, version, f"pkg:deb/debian/{name}@{version}?arch={architecture}")
        for name, version, architecture in packages
        if name in found
    ]


def owned_files():
    owners = {}
    info = "/var/lib/dpkg/info"
    for name in os.listdir(info):
        if name.endswith(".list"):
            with open(os.path.join(info, name), encoding="utf-8") as listing:
                for line in listing:
                    package = name.removesuffix(".list").partition(":")[0]
                    owners.setdefault(os.path.realpath(line.rstrip("\n")), set()).add(package)
    return owners


def python(tree):
    places = [
        os.path.join(directory, name)
        for directory, names, _ in os.walk(tree)
        for name in names
        if name.endswith("-packages")
    ]
    for distribution in importlib.metadata.distributions(path=places):
        name, version = distribution.metadata["Name"], distribution.version
        yield component("library", name, version, f"pkg:pypi/{name.lower()}@{version}")


def crates(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            name, version = line.split()[:2]
            version = version.removeprefix("v")
            yield component("library", name, version, f"pkg:cargo/{name}@{version}")


def component(kind, name, version, purl):
    return {"type": kind, "name": name, "version": version, "purl": purl, "bom-ref": purl}


def main(tree, listed_crates=None):
    components = debian(tree.rstrip("/")) + list(python(tree))
    if listed_crates is not None:
        components += crates(listed_crates)
    unique = {found["purl"]: found for found in components}
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "container", "name": "assize/python3"}},
        "components": [unique[purl] for purl in sorted(unique)],
    }
    json.dump(bill, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
