# technique: a crash with a core file: whatever core_pattern names would run on the host
# source: core(5)
# verdict: RTE
# invariant: there is no core, and core_pattern is the host's
# without: seccomp capabilities
import os, resource, signal

for limit in ((resource.RLIM_INFINITY,) * 2, (1 << 20, 1 << 20)):
    try:
        resource.setrlimit(resource.RLIMIT_CORE, limit)
        print("ESCAPED cores are allowed")
    except (OSError, ValueError) as refused:
        print("held", refused)
try:
    open("/proc/sys/kernel/core_pattern", "w").write("|/bin/sh")
    print("ESCAPED")
except OSError as refused:
    print("held", refused, flush=True)
os.kill(os.getpid(), signal.SIGQUIT)
