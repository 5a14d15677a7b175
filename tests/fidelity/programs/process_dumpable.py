# A program may look into itself.
import os
print(os.stat("/proc/self/fd").st_uid == os.getuid(), os.access("/proc/self/mem", os.R_OK), os.access("/proc/self/maps", os.R_OK))
print(any("main.py" in line for line in open("/proc/self/maps")), any("[stack]" in line for line in open("/proc/self/maps")))
