"""Lays the libraries of wheels into TREE, as they will lie in an image: without the tools that they bring.

    python3 -I install.py WHEELS DIRECTORY TREE [NAME...]

NAME is a library that was asked for: verdicts show the version of each, and of as many others as they have room for.
Runs where an image is built, without a network and without a shell. No code of a library is run.
"""

import base64
import compileall
import csv
import hashlib
import io
import json
import os
import pathlib
import py_compile
import sys
import zipfile

HOME = "usr/lib/assize"

# Modules that would run before every program, and those that install.
HOOKS = ("sitecustomize", "usercustomize")
INSTALLERS = ("pip", "ensurepip")

# Components of an environment that the runner takes, and characters of each (protocol/src/hello.rs).
MOST_COMPONENTS = 64
LONGEST = 64


def main(wheels, directory, tree, *asked_for):
    target = pathlib.Path(tree + directory)
    target.mkdir(parents=True)
    installed = {}
    for path in sorted(pathlib.Path(wheels).glob("*.whl")):
        name, version = install(path, target)
        installed[name.lower().replace("_", "-").replace(".", "-")] = version
    # By hash and unchecked, as the library of the image: see docker/python3/stage_python.sh.
    compileall.compile_dir(
        target, quiet=2, stripdir=tree, prependdir="/",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )  # fmt: skip
    record(pathlib.Path(tree, HOME), installed, asked_for)
    for place, _, names in os.walk(tree):
        os.chmod(place, 0o755)
        for name in names:
            os.chmod(os.path.join(place, name), 0o644)


def install(path, target):
    with zipfile.ZipFile(path) as wheel:
        names = [name for name in wheel.namelist() if not name.endswith("/")]
        info = next(name.partition("/")[0] for name in names if name.endswith(".dist-info/METADATA") and name.count("/") == 1)
        hashes = recorded(wheel, info)
        for name in names:
            place = place_of(name, path.name)
            if place is None:
                continue
            content = wheel.read(name)
            check(name, content, hashes, path.name)
            file = target / place
            if file.exists():
                sys.exit(f"{path.name} has {place}, which another library has too")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    name, version = info.removesuffix(".dist-info").split("-")[:2]
    return name, version


def place_of(name, wheel):
    """Below the directory of libraries; none for programs, headers and data."""
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or any(part in ("", ".", "..") for part in parts):
        sys.exit(f"{wheel} has the file {name!r}, which leads out of it")
    if parts[0].endswith(".data"):
        if len(parts) < 3 or parts[1] not in ("purelib", "platlib"):
            return None
        parts = parts[2:]
    if len(parts) == 1 and parts[0].endswith(".pth"):
        return None
    # A module is source code, bytecode, a shared library or a directory, each with endings of its own.
    module = parts[0].partition(".")[0]
    if module in HOOKS:
        sys.exit(f"{wheel} has {parts[0]}, which would run before every program")
    if module in INSTALLERS:
        sys.exit(f"{wheel} is an installer, which no box may have")
    return "/".join(parts)


def recorded(wheel, info):
    try:
        text = wheel.read(info + "/RECORD").decode()
    except KeyError:
        return {}
    return {row[0]: row[1] for row in csv.reader(io.StringIO(text)) if len(row) > 1}


def check(name, content, hashes, wheel):
    kind, _, expected = hashes.get(name, "").partition("=")
    if kind == "sha256":
        found = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        if found != expected.rstrip("="):
            sys.exit(f"{wheel} is damaged: {name} is not what its RECORD says")


def record(home, installed, asked_for):
    """What verdicts show, and the bill of materials, with the libraries added."""
    home.mkdir(parents=True)
    here = pathlib.Path("/", HOME)
    versions = json.loads((here / "environment.json").read_text())
    for name, version in sorted(installed.items(), key=lambda item: (item[0] not in asked_for, item)):
        if len(versions) < MOST_COMPONENTS and max(len(name), len(version)) <= LONGEST:
            versions[name] = version
    (home / "environment.json").write_text(json.dumps(versions) + "\n")
    try:
        bill = json.loads((here / "sbom.json").read_text())
    except FileNotFoundError:
        return
    for name, version in sorted(installed.items()):
        purl = f"pkg:pypi/{name}@{version}"
        bill["components"].append({"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl})
    (home / "sbom.json").write_text(json.dumps(bill, indent=1) + "\n")


main(*sys.argv[1:])
