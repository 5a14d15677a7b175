# technique: one file with very many names
# source: link(2)
# verdict: WA TLE
# invariant: names have a cap and are cleared in time
# without: seccomp capabilities
import os

open("/tmp/one", "w").close()
made = 0
try:
    while made < 200000:
        os.link("/tmp/one", f"/tmp/{made}")
        made += 1
except OSError as refused:
    print("held", refused, made)
print("held")
