# technique: multiprocessing starts another program in the place of Python
# source: CPython docs: multiprocessing.set_executable
# verdict: WA
# invariant: there is no other program
# without: seccomp capabilities network read_only_root
import multiprocessing, multiprocessing.util, os

for program in ("/bin/sh", "/usr/bin/env", "/proc/1/exe", "/usr/lib/assize/runner"):
    try:
        read, write = os.pipe()
        pid = multiprocessing.util.spawnv_passfds(program.encode(), [program, "--help"], [write])
        _, status = os.waitpid(pid, 0)
        print("held" if status else f"ESCAPED {program} ran", status, program)
    except OSError as refused:
        print("held", refused)
