# The first process and the program are in the box, and no other process.
import os
print([pid if pid == 1 else "me" for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()) if pid in (1, os.getpid())])
print(len(os.listdir("/proc/self/task")))
