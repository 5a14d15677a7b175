# technique: closes its streams, opens others under their numbers, and writes by /proc/self/fd and /dev/stdout
# source: dup2(2)
# verdict: WA
# invariant: the judge reads the pipe that it made
# without: seccomp
import os

copy = os.dup(1)
os.close(1)
assert os.open("/tmp/fake", os.O_CREAT | os.O_RDWR) == 1
print("never seen", flush=True)
for path in (f"/proc/self/fd/{copy}", f"/dev/fd/{copy}"):
    with open(path, "w") as again:
        again.write("held\n")
with open(f"/proc/self/fd/{copy}", "rb", buffering=0) as stolen:
    os.set_blocking(stolen.fileno(), False)
    stolen.read(10)
os.close(0)
os.close(2)
