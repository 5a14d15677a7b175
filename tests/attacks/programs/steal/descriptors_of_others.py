# technique: /proc/*/fd and fdinfo of the runner and the zygote: the stream to the worker, pipes of other tests
# source: proc_pid_fd(5)
# verdict: WA
# invariant: descriptors of others are neither seen nor opened
# without: seccomp capabilities network read_only_root
import glob, os

for directory in glob.glob("/proc/[0-9]*"):
    if directory != f"/proc/{os.getpid()}":
        for name in ("fd", "fdinfo"):
            try:
                print("ESCAPED", directory, [(number, os.readlink(f"{directory}/fd/{number}")) for number in os.listdir(f"{directory}/{name}")])
            except OSError as refused:
                print("held", refused)
        for number in range(64):
            try:
                os.open(f"{directory}/fd/{number}", os.O_RDONLY | os.O_NONBLOCK)
                print("ESCAPED opened", directory, number)
            except OSError:
                pass
