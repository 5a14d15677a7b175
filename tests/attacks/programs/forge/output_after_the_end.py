# technique: a daemon goes on to write to standard output when the program has ended
# source: THREATS: daemons; "late output"
# verdict: WA OLE
# invariant: what is written behind the end of the program belongs to no test
# without: seccomp
import os

print("held", flush=True)
for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        while os.getppid() != 1:
            pass
        while True:
            os.write(1, b"late\n")
