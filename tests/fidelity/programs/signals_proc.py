# Signals, rights and filters as the kernel knows them.
with open("/proc/self/status") as file:
    for line in file:
        if line.startswith(("SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt", "Cap", "NoNewPrivs", "Seccomp:", "Threads", "Umask", "Uid", "Gid", "Groups", "PPid", "TracerPid", "State", "CoreDumping", "Name", "Cpus_allowed_list")):
            print(line, end="")
