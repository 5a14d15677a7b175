# The command line as the kernel knows it.
with open("/proc/self/cmdline", "rb") as file:
    print(file.read())
with open("/proc/self/comm") as file:
    print(file.read())
import os
print(os.readlink("/proc/self/exe"), os.readlink("/proc/self/cwd"), os.readlink("/proc/self/root"))
