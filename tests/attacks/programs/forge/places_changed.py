# technique: limits, umask, root and work directory of its own, in the hope that they outlive it
# source: fork(2): what is inherited
# verdict: WA
# invariant: the next test has its own
# without: seccomp
import os, resource, signal

before = (os.getcwd(), os.umask(0o777), resource.getrlimit(resource.RLIMIT_NOFILE), os.getpriority(0, 0), signal.getsignal(signal.SIGTERM))
if before[0] != "/work" or before[1] == 0o777 or before[2][0] == 16 or before[3] != 0 or before[4] is not signal.SIG_DFL:
    print("LEAKED", before)
os.chdir("/tmp")
resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
os.nice(5)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.environ.clear()
print("held")
