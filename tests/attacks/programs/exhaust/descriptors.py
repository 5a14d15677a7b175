# technique: descriptors until there is none left, and a higher limit
# source: RLIMIT_NOFILE
# verdict: WA
# invariant: the limit is hard
# without: seccomp capabilities
import os, resource

try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 20, 1 << 20))
    print("ESCAPED raised the limit")
except (OSError, ValueError) as refused:
    print("held", refused)
opened = []
try:
    while len(opened) < 100000:
        opened.append(os.dup(0))
except OSError as refused:
    print("held", refused, len(opened))
