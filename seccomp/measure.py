#!/usr/bin/env python3
"""Holds seccomp/python.json against what programs do, in containers like a box.

    seccomp/measure.py            all three; exit code 1 when one finds a fault
    seccomp/measure.py used       which calls do the programs make, and does the profile say the same?
    seccomp/measure.py same       do the programs behave with the profile as without it?
    seccomp/measure.py forbidden  does each forbidden call end as it should?

The image is built from seccomp/Dockerfile when it is missing. `--image assize/python3:latest same` runs the
programs in the image of the boxes.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PROFILE = HERE / "python.json"
IMAGE = "assize/seccomp-measure:latest"
UNMEASURED = "Not measured: "

# What the programs try and shall not get.
REFUSED_ON_PURPOSE = {
    "clone3": "glibc tries it before clone",
    "sendfile": "shutil tries it before it reads and writes",
    "chown": "files.py and process.py ask for it to be refused",
    "setgid": "process.py asks for it to be refused",
    "setgroups": "process.py asks for it to be refused",
    "setuid": "process.py asks for it to be refused",
}

# What only the runner makes, which is not run here. The tests of the boxes run it under the profile.
OF_THE_RUNNER = {"prctl", "signalfd4"}

LINE = re.compile(r"^\d+ +([a-z_0-9]+)\((.*)$")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["all", "used", "same", "forbidden"], default="all")
    parser.add_argument("--image", default=IMAGE)
    arguments = parser.parse_args()
    if arguments.image == IMAGE:
        build()
    parts = {"used": used, "same": same, "forbidden": forbidden}
    chosen = parts.values() if arguments.what == "all" else [parts[arguments.what]]
    return max([part(arguments.image) for part in chosen])


def build():
    if subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True).returncode != 0:
        subprocess.run(["docker", "build", "--network", "host", "--tag", IMAGE, HERE], check=True)


def used(image):
    """Compares the calls that strace saw with those that the profile allows."""
    seen = collections.Counter()
    with tempfile.TemporaryDirectory() as traces:
        pathlib.Path(traces).chmod(0o777)
        for interpreter, program in programs():
            trace = ["strace", "-f", "-qq", "-o", f"/traces/{interpreter}.{program}"]
            options = ["--cap-add", "SYS_PTRACE", "--volume", f"{traces}:/traces"]
            run(image, "unconfined", [*trace, interpreter, f"/seccomp/programs/{program}"], options)
        for trace in pathlib.Path(traces).iterdir():
            seen.update(calls(trace))
    measured, unmeasured = allowed()
    names = set(seen)
    faults = [
        ("used, not allowed", names - measured - unmeasured - REFUSED_ON_PURPOSE.keys()),
        ("allowed, not used, and no reason given", measured - unmeasured - names),
        ("refused on purpose, but nothing tries it", REFUSED_ON_PURPOSE.keys() - names),
    ]
    print(f"{len(names)} different calls seen, {len(measured | unmeasured)} allowed")
    for what, found in faults:
        print(f"{what}: {', '.join(sorted(found)) or 'none'}")
    return int(any(found for _, found in faults))


def calls(trace):
    return [match[1] for match in map(LINE.match, trace.read_text(errors="replace").splitlines()) if match]


def allowed():
    """The names that the profile allows: those that were measured, and those that have another reason."""
    measured, unmeasured = set(), set()
    for group in json.loads(PROFILE.read_text())["syscalls"]:
        if group["action"] == "SCMP_ACT_ALLOW":
            (unmeasured if group["comment"].startswith(UNMEASURED) else measured).update(group["names"])
    return measured - OF_THE_RUNNER, unmeasured | OF_THE_RUNNER


def same(image):
    """Runs each program with and without the profile, and compares outputs and exit codes."""
    wrong = 0
    for interpreter, program in programs(image):
        ends = []
        for profile in ("unconfined", PROFILE):
            until_next_second()
            ends.append(run(image, profile, [interpreter, f"/seccomp/programs/{program}"]))
        equal = (ends[0].returncode, ends[0].stdout) == (ends[1].returncode, ends[1].stdout)
        good = equal and ends[0].returncode == 0
        wrong += not good
        print(f"| {interpreter} {program} | {'the same' if good else 'DIFFERENT' if not equal else 'FAILS IN BOTH'} |")
        if not good:
            print("\n--\n".join((end.stdout + end.stderr).decode(errors="replace")[-2000:] for end in ends))
    return int(wrong > 0)


def until_next_second():
    """The two runs of a program are in different seconds: one whose output depends on the clock differs each time."""
    time.sleep(1 - time.time() % 1)


def forbidden(image):
    end = run(image, PROFILE, ["python3", "/seccomp/forbidden.py"])
    print(end.stdout.decode(), end.stderr.decode(), sep="")
    return end.returncode


def programs(image=IMAGE):
    """Every program with CPython; PyPy, where the image has it, runs those that it can."""
    for program in sorted(path.name for path in (HERE / "programs").glob("*.py")):
        yield "python3", program
    if image == IMAGE:
        for program in ("start.py", "threads.py", "multiprocess.py", "asynchronous.py", "pypy.py"):
            yield "pypy3", program


def run(image, profile, command, options=()):
    """Runs a command as in a box, with `1 2 3` as its input."""
    scratch = [f"--tmpfs={place}:rw,nosuid,nodev,noexec,mode=1777" for place in ("/tmp", "/dev/shm", "/work")]
    walls = ["--network=none", "--cap-drop=ALL", "--read-only", "--ipc=none", "--user=10001:10001", "--memory=1g"]
    security = ["--security-opt=no-new-privileges", f"--security-opt=seccomp={profile}"]
    program, *arguments = command
    return subprocess.run(
        ["docker", "run", "--rm", "--interactive", "--label=io.assize=1", *walls, *security, *scratch, *options]
        + [f"--volume={HERE}:/seccomp:ro", "--workdir=/work", f"--entrypoint={program}", image, *arguments],
        input=b"1 2 3\n",
        capture_output=True,
        timeout=300,
    )


if __name__ == "__main__":
    sys.exit(main())
