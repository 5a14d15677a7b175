# technique: scripts with a #! line in writable places
# source: execve(2), "Interpreter scripts"
# verdict: WA
# invariant: a script in a noexec place is not started
# without: seccomp capabilities network read_only_root
import os

for place in ("/tmp", "/work", "/dev/shm"):
    path = place + "/script"
    with open(path, "w") as file:
        file.write("#!/usr/bin/python3\nprint('ESCAPED by a script')\n")
    os.chmod(path, 0o755)
    try:
        os.waitpid(os.posix_spawn(path, [path], {}), 0)
    except OSError as refused:
        print("held", refused)
