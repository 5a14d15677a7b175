# technique: signals 32 and 33, which the C library keeps for itself and no set of signals holds
# source: nptl(7), signal(7)
# verdict: WA
# invariant: no signal that a program may send ends the process that tests are forked from
# without: seccomp
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
others = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if pid not in (1, os.getpid())]
for pid in others:
    for signal in range(1, 65):
        if signal not in (9, 19):
            libc.kill(pid, signal)
    status = open(f"/proc/{pid}/status").read()
    pending = [line for line in status.splitlines() if line.startswith(("SigPnd", "ShdPnd"))]
    if any(int(line.split()[1], 16) for line in pending):
        print("LEAKED", pending)
print("held", [os.path.exists(f"/proc/{pid}") for pid in others])
