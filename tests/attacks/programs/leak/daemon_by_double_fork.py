# technique: a daemon by double fork in a session of its own, which the next test looks for in /proc
# source: daemon(7)
# verdict: WA
# invariant: no process of the test before lives
# without: seccomp capabilities
import os, time

def others():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm") as file:
                yield file.read().strip()
        except OSError:
            pass

if "left-behind" in others():
    print("LEAKED a daemon")
ready, tell = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        with open("/proc/self/comm", "w") as file:
            file.write("left-behind")
        os.close(0), os.close(1), os.close(2)
        os.write(tell, b"x")
        time.sleep(60)
    os._exit(0)
os.read(ready, 1)
print("held")
