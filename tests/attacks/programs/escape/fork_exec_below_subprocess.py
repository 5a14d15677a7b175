# technique: _posixsubprocess.fork_exec, posix_spawn, os.spawn*, pty.fork: starts that no wrapper of subprocess sees
# source: CPython: Modules/_posixsubprocess.c
# verdict: WA
# invariant: no program of the box can do more than Python
# without: seccomp capabilities network read_only_root
import os, subprocess

for program in ("/bin/sh", "/usr/bin/id", "/usr/bin/nsenter", "/usr/bin/docker", "/usr/bin/mount"):
    status = os.spawnv(os.P_WAIT, program, [program])
    print("held" if status in (127, -9) else f"ESCAPED {program} {status}")
    try:
        os.posix_spawnp(os.path.basename(program), [program], {"PATH": "/bin:/sbin:/usr/sbin:/host/bin"})
        print("ESCAPED", program)
    except OSError:
        pass
try:
    subprocess.run(["x"], executable="/bin/sh", shell=True, preexec_fn=os.setsid)
    print("ESCAPED shell")
except OSError as refused:
    print("held", refused)
