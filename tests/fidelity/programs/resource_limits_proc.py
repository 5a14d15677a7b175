# Every resource limit as the kernel knows it.
print(open("/proc/self/limits").read())
