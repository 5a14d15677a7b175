# technique: descriptors without close-on-exec, for the program that is started next
# source: fork(2), CVE-2024-21626
# verdict: WA
# invariant: the next test has three descriptors
# without: seccomp
import os

extra = [name for name in os.listdir("/proc/self/fd") if int(name) > 2]
if len(extra) > 1:
    print("LEAKED", [os.readlink(f"/proc/self/fd/{name}") for name in extra if os.path.lexists(f"/proc/self/fd/{name}")])
for _ in range(50):
    os.set_inheritable(os.dup(0), True)
print("held")
