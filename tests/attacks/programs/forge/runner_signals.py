# technique: sends every signal to PID 1, by kill, tgkill and a pidfd
# source: kill(2): signals to init of a PID namespace
# verdict: WA
# invariant: PID 1 gets only signals that it handles, and SIGCHLD tells it nothing that it believes
# without: seccomp capabilities
import ctypes, os, signal

libc = ctypes.CDLL(None, use_errno=True)
pidfd = os.pidfd_open(1)
for number in sorted(signal.valid_signals()):
    for send in (lambda: os.kill(1, number), lambda: signal.pidfd_send_signal(pidfd, number), lambda: libc.syscall(234, 1, 1, number)):
        try:
            send()
        except OSError:
            pass
print("held")
