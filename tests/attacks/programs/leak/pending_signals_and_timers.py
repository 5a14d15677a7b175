# technique: timers and signals that come due in the next test
# source: timer inheritance, alarm(2)
# verdict: WA
# invariant: a timer ends with its process
# without: seccomp
import os, signal, time

fired = []
signal.signal(signal.SIGALRM, lambda *ignored: fired.append("alarm"))
signal.signal(signal.SIGUSR1, lambda *ignored: fired.append("user"))
if signal.getitimer(signal.ITIMER_REAL)[0] or signal.sigpending() or signal.pthread_sigmask(signal.SIG_BLOCK, []):
    print("LEAKED timers")
time.sleep(0.2)
if fired:
    print("LEAKED", fired)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
os.kill(os.getpid(), signal.SIGUSR2)
signal.alarm(1)
print("held")
