# technique: gc.get_referrers of an interned string leads to all that use it, and to their modules
# source: CPython docs: gc.get_referrers
# verdict: WA
# invariant: nothing of what is reached opens a file of the host
# without: seccomp capabilities network read_only_root
import gc

spaces = [ref for ref in gc.get_referrers(open) if isinstance(ref, dict)]
opens = [space["open"] for space in spaces if callable(space.get("open"))]
print(len(spaces), "namespaces,", len(opens), "ways to open")
for function in opens:
    try:
        print("ESCAPED", function("/proc/1/maps").read()[:500])
    except (OSError, TypeError) as refused:
        print("held", refused)
