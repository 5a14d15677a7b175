# Three descriptors are open and no others.
import os, stat
print(sorted(os.listdir("/proc/self/fd"), key=int))
for number in range(3):
    print(number, stat.filemode(os.fstat(number).st_mode), os.get_inheritable(number), os.get_blocking(number), os.isatty(number))
    with open(f"/proc/self/fdinfo/{number}") as info:
        print([line.split() for line in info if line.startswith(("pos", "flags"))])
print(os.open("main.py", os.O_RDONLY))
