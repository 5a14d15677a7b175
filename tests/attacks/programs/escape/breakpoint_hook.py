# technique: breakpoint() calls what PYTHONBREAKPOINT names
# source: PEP 553
# verdict: WA
# invariant: os.system finds no shell
# without: seccomp capabilities network read_only_root
import os

os.environ["PYTHONBREAKPOINT"] = "os.system"
print("held" if breakpoint("echo ESCAPED by breakpoint") else "ESCAPED")
