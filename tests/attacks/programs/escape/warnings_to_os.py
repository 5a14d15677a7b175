# technique: modules that hold os under another name: random._os, tempfile._os, warnings.sys.modules
# source: CTF write-ups: random._os.system
# verdict: WA
# invariant: os finds no program to run
# without: seccomp capabilities network read_only_root
import random, tempfile, warnings

os = random._os
assert os is tempfile._os is warnings.sys.modules["os"]
names = []
for directory in os.get_exec_path() + ["/bin", "/sbin", "/usr/sbin", "/usr/local/bin", "/opt"]:
    try:
        names += os.listdir(directory)
    except OSError:
        pass
known = {"python3", "python3.13", "pypy3"}
print("ESCAPED there are programs:" if set(names) - known else "held", sorted(set(names))[:50])
