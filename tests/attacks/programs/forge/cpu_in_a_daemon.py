# technique: a daemon of its own session that ignores everything computes for the program, and goes on behind its end
# source: THREATS: CPU in a daemon
# verdict: TLE
# invariant: the daemon's time is the test's, and it does not see the next one
# without: seccomp
import os, resource, signal, time

# The runner lets each process have 2 s more than all together may use.
limit = resource.getrlimit(resource.RLIMIT_CPU)[0] - 2

read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    if os.fork() == 0:
        while True:
            if time.process_time() > limit + 1.5:
                os.write(write, b"done")
    os._exit(0)
os.read(read, 4)
print("held")
