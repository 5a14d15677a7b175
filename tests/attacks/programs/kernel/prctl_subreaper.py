# technique: PR_SET_CHILD_SUBREAPER: orphans come to the program and not to the runner
# source: PR_SET_CHILD_SUBREAPER(2const)
# verdict: WA
# invariant: orphans go to the runner, which ends them
# without: seccomp capabilities
import ctypes, os, time

libc = ctypes.CDLL(None, use_errno=True)
result = libc.prctl(36, 1, 0, 0, 0)
read, write = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        time.sleep(0.1)
        os.write(write, str(os.getppid()).encode())
    os._exit(0)
parent = int(os.read(read, 10))
print("held" if parent == 1 and result else f"ESCAPED orphans come to {parent}", ctypes.get_errno())
