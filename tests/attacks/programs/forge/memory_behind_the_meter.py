# technique: memory held in a child for a moment between two samples
# source: white box: memory is sampled
# verdict: MLE
# invariant: what comes to the limit is killed, however short it was there
# without: seccomp
import os, time

for _ in range(5):
    child = os.fork()
    if child == 0:
        block = bytearray(os.urandom(1 << 20)) * 140
        os._exit(0)
    os.waitpid(child, 0)
    time.sleep(0.01)
print("held")
