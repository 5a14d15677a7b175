# The environment as the kernel knows it.
with open("/proc/self/environ", "rb") as file:
    print(file.read().split(b"\0"))
