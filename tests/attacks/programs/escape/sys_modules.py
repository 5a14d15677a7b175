# technique: modules that are loaded already, by sys.modules and not by import
# source: CPython docs: sys.modules
# verdict: WA
# invariant: posix has no more rights than the program
# without: seccomp capabilities network read_only_root
import sys

posix = sys.modules["posix"]
for action in ("setuid", "setgid", "seteuid", "setegid", "chroot"):
    try:
        getattr(posix, action)("/" if action == "chroot" else 0)
        print("ESCAPED", action)
    except OSError as refused:
        print("held", action, refused)
    if action == "setegid":
        break
