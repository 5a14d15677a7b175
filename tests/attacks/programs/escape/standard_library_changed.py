# technique: writes into the standard library, its byte code and site-packages
# source: THREATS: .pth, __pycache__ in a writable place
# verdict: WA
# invariant: the root is read-only, and its files belong to root
# without: seccomp capabilities network read_only_root
import os

for path in (
    "/usr/lib/python3.13/os.py",
    "/usr/lib/python3.13/__pycache__/os.cpython-313.pyc",
    "/usr/lib/python3/dist-packages/evil.pth",
    "/usr/lib/python3.13/sitecustomize.py",
    "/usr/local/lib/python3.13/dist-packages/evil.pth",
    "/etc/python3.13/sitecustomize.py",
    "/etc/ld.so.preload",
):
    try:
        with open(path, "a"):
            print("ESCAPED writable", path)
    except OSError as refused:
        print("held", refused)
