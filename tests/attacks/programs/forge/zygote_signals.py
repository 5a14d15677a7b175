# technique: sends every signal to the zygote, real-time ones many times
# source: signal(7)
# verdict: WA
# invariant: it blocks what can be blocked
# without: seccomp
import os, signal

for pid in [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, os.getpid())]:
    for number in sorted(signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}):
        for _ in range(50 if number > 32 else 1):
            try:
                os.kill(pid, number)
            except OSError as refused:
                print(refused)
                break
print("held")
