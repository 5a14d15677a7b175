# technique: a thread that has waited for its own siblings takes over the number of the main thread by execve, again and again
# source: execve(2), "the thread group leader"; time that a program starves does not count against its wall limit
# verdict: TLE
# invariant: waits that a thread brings along under another number prove nothing
# without: seccomp capabilities
import os, sys, threading, time

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 0
if rounds == 8:
    time.sleep(1000)

def work(last):
    begun = time.thread_time()
    while time.thread_time() - begun < 0.02:
        pass
    if last:
        time.sleep(0.1)
        os.execv(sys.executable, [sys.executable, __file__, str(rounds + 1)])

threads = [threading.Thread(target=work, args=(number == 2,)) for number in range(3)]
for thread in threads:
    thread.start()
time.sleep(1000)
