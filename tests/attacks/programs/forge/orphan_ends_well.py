# technique: the program fails while very many orphans of the runner end well, before, with and behind it
# source: white box: the runner waits for any child
# verdict: RTE
# invariant: only the program's own end counts
# without: seccomp
import os, time

for number in range(20):
    if os.fork() == 0:
        if os.fork() == 0:
            time.sleep(number / 200)
            os._exit(0)
        os._exit(0)
time.sleep(0.05)
os._exit(1)
