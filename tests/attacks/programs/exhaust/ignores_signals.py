# technique: every signal ignored and blocked
# source: signal(7)
# verdict: TLE
# invariant: SIGKILL cannot be ignored
# without: seccomp capabilities
import signal

for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    pass
