"""Gathers the wheels of libraries, and what else an image is built from, on the host: no code of a library is run.

Reads a request as JSON from standard input: the requirements, the Python of the image, a directory with wheels or none,
and where to put the context of the build. Writes what it found as JSON to standard output. A reason why there are no
such wheels goes to standard error, with exit code 2.
"""

import hashlib
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from email.parser import HeaderParser

try:
    from pip._vendor.packaging.markers import InvalidMarker, Marker
    from pip._vendor.packaging.requirements import Requirement
    from pip._vendor.packaging.utils import canonicalize_name, parse_wheel_filename
except ImportError:
    print("pip is not installed for %s, or too old; install it: apt-get install python3-pip" % sys.executable, file=sys.stderr)
    sys.exit(2)

# How often libraries are looked for that only this Python needs, and not the one that runs pip.
ROUNDS = 10

# The oldest C library that wheels are built for.
OLDEST_GLIBC = 5

OLD_NAMES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}

# Marks what is in the image already: pip resolves with it, and nothing is installed.
STUB = "+assize"


# A library may need another one at an address, which pip builds in spite of --only-binary. What builds is a program that
# pip starts; it starts none for wheels but `keyring`, which knows the passwords of package indexes.
PIP = """
import os, runpy, sys

def refuse(event, arguments):
    if event == "subprocess.Popen" and os.path.basename(os.fsdecode(arguments[0])) == "keyring":
        return
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn"):
        raise PermissionError("something in them is there as source code only, which would run")

sys.addaudithook(refuse)
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


class Refused(Exception):
    pass


def main():
    request = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        wheels = gather(request, place)
        for wheel in wheels:
            if wheel["name"] in request["base"]:
                raise Refused("%(name)s is in the image in another version, and stays as it is" % wheel)
        pack(request, wheels)
    print(json.dumps([{key: wheel[key] for key in ("name", "version", "file", "sha256")} for wheel in wheels]))


def gather(request, place):
    more = []
    for _ in range(ROUNDS):
        paths = download(request, place, more)
        wheels = [read(path) for path in paths]
        missing = sorted(missing_from(request, wheels))
        if not missing:
            return [wheel for wheel in wheels if wheel["version"].find(STUB) < 0 and not is_in_base(request, wheel)]
        if request["is_lock"]:
            raise Refused("%s is needed as well, and has no line with hashes" % missing[0])
        more += missing
    raise Refused("these libraries need one another without an end: %s" % ", ".join(more))


def is_in_base(request, wheel):
    return request["base"].get(wheel["name"]) == wheel["version"].split("+")[0]


def download(request, place, more):
    stubs, target, text = place / "stubs", place / "wheels", place / "requirements.txt"
    # What an earlier round has chosen may be another version than this one chooses.
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    lines = [*applying(request), *more, ""]
    text.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-I", "-c", PIP]
    # What the user has set for pip names other places.
    command += ["--isolated"] if request["wheels"] else []
    command += ["download", "--quiet", "--no-input", "--disable-pip-version-check", "--only-binary=:all:"]
    command += ["--dest", str(target), "--requirement", str(text), *tags(request)]
    if request["wheels"]:
        command += ["--no-index", "--find-links", request["wheels"]]
    if request["is_lock"]:
        command += ["--no-deps", "--require-hashes"]
    else:
        write_stubs(request["base"], stubs)
        pinned = place / "constraints.txt"
        pinned.write_text("".join("%s==%s\n" % item for item in request["base"].items()), encoding="utf-8")
        command += ["--find-links", str(stubs), "--constraint", str(pinned)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise Refused(said(done.stderr))
    return sorted(target.glob("*.whl"))


def applying(request):
    """The requirements whose conditions hold for this Python, without them: pip would ask its own."""
    for wanted in request["requirements"]:
        condition = wanted["condition"]
        if not condition or Marker(condition).evaluate({**request["markers"], "extra": ""}):
            check_conflict(request, Requirement(wanted["library"]))
            yield " ".join([wanted["library"], *("--hash=" + digest for digest in wanted["hashes"])])


def check_conflict(request, wanted):
    there = request["base"].get(canonicalize_name(wanted.name))
    if there and not wanted.specifier.contains(there, prereleases=True):
        raise Refused("%s is asked for, and the image has it as %s, which stays as it is" % (wanted, there))


def said(text):
    """What pip says is wrong, and not how it came to that."""
    errors = [line.removeprefix("ERROR: ").strip() for line in text.splitlines() if line.startswith("ERROR: ")]
    if errors[:1] == ["Exception:"]:
        return text.strip().splitlines()[-1]
    return " ".join(errors) or text.strip() or "pip failed and did not say why"


def tags(request):
    markers = request["markers"]
    version = markers["python_version"]
    yield from ("--python-version", version, "--implementation", "cp", "--abi", "cp" + version.replace(".", ""))
    machine = markers["platform_machine"]
    newest = int(request["libc"].split(".")[1])
    for minor in range(newest, OLDEST_GLIBC - 1, -1):
        yield from ("--platform", "manylinux_2_%d_%s" % (minor, machine))
        if minor in OLD_NAMES:
            yield from ("--platform", "%s_%s" % (OLD_NAMES[minor], machine))
    yield from ("--platform", "linux_%s" % machine)


def write_stubs(base, place):
    place.mkdir(exist_ok=True)
    for name, version in base.items():
        version += STUB
        stem = "%s-%s" % (name.replace("-", "_"), version)
        with zipfile.ZipFile(place / (stem + "-py3-none-any.whl"), "w") as wheel:
            info = stem + ".dist-info/"
            wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (name, version))
            wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(info + "RECORD", "")


def read(path):
    name, version = parse_wheel_filename(path.name)[:2]
    with zipfile.ZipFile(path) as wheel:
        found = [entry for entry in wheel.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", entry)]
        if len(found) != 1:
            raise Refused("%s is no wheel: it has no METADATA" % path.name)
        metadata = HeaderParser().parsestr(wheel.read(found[0]).decode("utf-8", "replace"))
    return {
        "name": str(name),
        "version": str(version),
        "file": path.name,
        "path": path,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "requires": metadata.get_all("Requires-Dist") or [],
    }


def missing_from(request, wheels):
    """pip asks the conditions of requirements of the Python that it runs in, and not of the one that it is told."""
    there = {wheel["name"] for wheel in wheels} | set(request["base"])
    for wheel in wheels:
        for text in wheel["requires"]:
            needed = Requirement(text)
            if needed.url:
                raise Refused("%s needs %s at an address, which no index holds" % (wheel["name"], needed.name))
            applies = needed.marker is None or needed.marker.evaluate({**request["markers"], "extra": ""})
            if applies and canonicalize_name(needed.name) not in there:
                needed.marker = None
                yield str(needed)


def pack(request, wheels):
    with tarfile.open(request["context"], "w") as context:
        for name, text in request["files"].items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            context.addfile(entry, io.BytesIO(text.encode()))
        for wheel in wheels:
            context.add(wheel["path"], "wheels/" + wheel["file"])


try:
    main()
except (Refused, InvalidMarker, OSError, ValueError, zipfile.BadZipFile) as error:
    print(error, file=sys.stderr)
    sys.exit(2)
