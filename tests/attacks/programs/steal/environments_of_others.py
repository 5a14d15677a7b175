# technique: /proc/*/environ and /proc/*/auxv of the runner, the zygote and all threads
# source: proc_pid_environ(5)
# verdict: WA
# invariant: the runner is undumpable, the zygote too
# without: seccomp capabilities network read_only_root
import glob

for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/task/*/environ") + glob.glob("/proc/[0-9]*/auxv"):
    try:
        with open(path, "rb") as file:
            print(path, file.read(2000))
    except OSError as refused:
        print("held", refused)
