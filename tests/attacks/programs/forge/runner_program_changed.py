# technique: writes to the runner's and the interpreter's programs, through /proc/1/exe and /proc/self/exe
# source: CVE-2019-5736
# verdict: WA
# invariant: programs of the image are read-only, and root's
# without: seccomp capabilities read_only_root
import os

for path in ("/proc/1/exe", "/proc/self/exe", "/usr/lib/assize/runner", "/usr/lib/assize/zygote.py", "/usr/lib/assize/_assize_zygote.so", "/usr/bin/python3.13", "/usr/lib/assize/compile_check.py"):
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_TRUNC):
        try:
            os.open(path, flags)
            print("ESCAPED writable", path)
        except OSError as refused:
            print("held", refused)
    for action in (os.remove, lambda p: os.rename(p, "/tmp/x"), lambda p: os.chmod(p, 0o777), lambda p: os.link(p, "/tmp/link")):
        try:
            action(path)
            print("ESCAPED changed", path)
        except OSError:
            pass
