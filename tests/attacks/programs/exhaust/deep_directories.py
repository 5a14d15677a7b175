# technique: directories inside each other, deeper than any path
# source: "path too long to be removed", CVE-2021-33909
# verdict: WA
# invariant: the runner takes them apart without recursion
# without: seccomp capabilities
import os

os.chdir("/tmp")
depth = 0
try:
    while depth < 15000:
        os.mkdir("d")
        os.chdir("d")
        depth += 1
except OSError as refused:
    print(refused)
print("held", depth)
