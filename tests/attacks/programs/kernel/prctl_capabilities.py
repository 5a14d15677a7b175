# technique: PR_CAPBSET, PR_CAP_AMBIENT, PR_SET_SECUREBITS, PR_SET_KEEPCAPS: a right from somewhere
# source: capabilities(7)
# verdict: WA
# invariant: the sets of capabilities are empty and stay so
# without: seccomp
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for option, value in ((47, 2), (28, 0b101), (8, 1)):
    libc.prctl(option, value, 21, 0, 0)
status = dict(line.rstrip("\n").split(":\t") for line in open("/proc/self/status") if ":\t" in line)
sets = [status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")]
print("held" if not any(int(each, 16) for each in sets) else "ESCAPED", sets, status["NoNewPrivs"])
