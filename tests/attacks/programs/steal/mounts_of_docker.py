# technique: what Docker mounts from the host into each container: hostname, hosts, resolv.conf, and their directories
# source: docker run; CVE-2019-14271, CVE-2021-30465
# verdict: WA
# invariant: they are single files, read-only, and say nothing of the host
# without: seccomp capabilities network
import os

for name in ("hostname", "hosts", "resolv.conf", "mtab", "os-release"):
    path = f"/etc/{name}"
    try:
        print(path, open(path).read()[:1000])
    except OSError as refused:
        print("held", refused)
    try:
        open(path, "a").close()
        print("ESCAPED writable", path)
    except OSError as refused:
        print("held", refused)
for path in ("/etc/hosts/..", "/etc/hostname/../..", "/proc/self/fd/0/.."):
    try:
        print("ESCAPED", os.listdir(path))
    except OSError as refused:
        print("held", refused)
