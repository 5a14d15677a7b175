# technique: cores of the runner and of crashed children, and where they would lie
# source: core(5), systemd-coredump
# verdict: WA
# invariant: no program leaves a core
# without: seccomp capabilities network read_only_root
import glob, os, signal

child = os.fork()
if child == 0:
    os.kill(os.getpid(), signal.SIGSEGV)
_, status = os.waitpid(child, 0)
found = [path for place in ("/work", "/tmp", "/dev/shm", "/var/crash", "/var/lib/systemd/coredump", "/cores", "/") for path in glob.glob(place + "/core") + glob.glob(place + "/core.*") + glob.glob(place + "/*.core")]
print("ESCAPED" if os.WCOREDUMP(status) or found else "held", found, open("/proc/sys/kernel/core_pattern").read())
