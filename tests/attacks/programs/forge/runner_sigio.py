# technique: F_SETOWN and F_SETSIG let the kernel send SIGKILL and others to PID 1
# source: fcntl(2), F_SETOWN; send_sigio in fs/fcntl.c
# verdict: WA
# invariant: init ignores what it has no handler for, also from the kernel
# without: seccomp
import fcntl, os, signal

others = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) != os.getpid()]
for pid in others:
    for number in (0, signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGUSR1, 40):
        read, write = os.pipe()
        try:
            fcntl.fcntl(read, fcntl.F_SETOWN, pid)
            fcntl.fcntl(read, 10, number)
            fcntl.fcntl(read, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
            os.write(write, b"x")
        except OSError as refused:
            print("held", refused)
        os.close(read)
        os.close(write)
print("held")
