"""Says what a program finds in its box: a line per fact, in an order that does not change."""

import os
import resource
import socket
import stat

STATUS = ("Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "SigBlk", "SigIgn")


# Drawn from the memory of the host; the control group limits processes.
OF_THE_HOST = ("RLIMIT_NPROC", "RLIMIT_SIGPENDING")


def lines(path):
    with open(path) as file:
        return file.read().splitlines()


def status():
    found = dict(line.split(":", 1) for line in lines("/proc/self/status"))
    for name in STATUS:
        print(f"status {name} {' '.join(found[name].split())}".rstrip())
    ids = {*os.getresuid(), *os.getresgid()}
    print(f"status user {'no root' if min(ids) >= 1000 else ids}, {len({*os.getresuid()})} in all")


def mounts():
    found = set()
    for line in lines("/proc/self/mountinfo"):
        place, flags = line.split()[4:6]
        # Which control groups there are is the host's.
        if place.startswith("/sys/fs/cgroup"):
            place = "/sys/fs/cgroup/*"
        flags = flags.split(",")
        found.add(" ".join(["mount", place, *(flag for flag in ("ro", "rw", "nosuid", "nodev", "noexec") if flag in flags)]))
    print("\n".join(sorted(found)))


def descriptors():
    kinds = {stat.S_ISFIFO: "pipe", stat.S_ISSOCK: "socket", stat.S_ISREG: "file", stat.S_ISCHR: "device"}
    for number in range(resource.getrlimit(resource.RLIMIT_NOFILE)[0]):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        print(f"descriptor {number} {next(kinds[test] for test in kinds if test(mode))}")


def limits():
    for name in sorted(name for name in dir(resource) if name.startswith("RLIMIT_")):
        if name in OF_THE_HOST:
            continue
        soft, hard = resource.getrlimit(getattr(resource, name))
        print(f"limit {name} {soft} {hard}")


def writable():
    for place in ("/", "/dev", "/dev/shm", "/etc", "/home", "/proc", "/root", "/run", "/sys", "/tmp", "/usr", "/var", "/var/tmp", "/work"):
        if not os.path.exists(place):
            found = "absent"
        else:
            try:
                with open(os.path.join(place, "witness"), "w"):
                    found = "writable"
                os.unlink(os.path.join(place, "witness"))
            except OSError as refused:
                found = f"refused {refused.strerror}"
        print(f"place {place} {found}")


def main():
    status()
    mounts()
    descriptors()
    limits()
    writable()
    for name in sorted(os.environ):
        print(f"environment {name}={os.environ[name]}")
    for line in lines("/proc/net/dev")[2:]:
        print(f"interface {line.split(':')[0].strip()}")
    try:
        print(f"interfaces {len(socket.if_nameindex())}")
    except OSError as refused:
        print(f"interfaces {refused.strerror}")
    for process in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        print(f"process {'this' if process == os.getpid() else process}")
    for name in sorted(os.listdir("/dev")):
        print(f"device {name}")
    print(f"host {os.uname().nodename}")
    print(f"umask {os.umask(0):o}")
    print(f"directory {os.getcwd()}")
    print(f"policy {os.sched_getscheduler(0)}")
    print(f"oom {lines('/proc/self/oom_score_adj')[0]}")
    print(f"leads {os.getsid(0) == os.getpid()} {os.getpgid(0) == os.getpid()}")


main()
