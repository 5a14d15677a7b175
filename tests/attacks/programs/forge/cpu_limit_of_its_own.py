# technique: SIGXCPU ignored and RLIMIT_CPU raised
# source: setrlimit(2), RLIMIT_CPU
# verdict: TLE
# invariant: the limit that counts is the runner's
# without: seccomp
import resource, signal

signal.signal(signal.SIGXCPU, signal.SIG_IGN)
try:
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print("ESCAPED")
except (OSError, ValueError) as refused:
    print("held", refused, flush=True)
while True:
    pass
