# technique: changes its pipes: their size, blocking, signals, and standard input written to
# source: fcntl(2), pipe(7): flags of a shared description
# verdict: WA
# invariant: the runner's ends are descriptions of their own
# without: seccomp
import fcntl, os

for number in (0, 1, 2):
    for size in (4096, 1 << 20):
        try:
            fcntl.fcntl(number, 1031, size)
        except OSError as refused:
            print("held", refused)
    os.set_blocking(number, False)
    fcntl.fcntl(number, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC | os.O_APPEND)
try:
    again = os.open("/proc/self/fd/0", os.O_WRONLY | os.O_NONBLOCK)
    os.write(again, b"forged input\n" * 1000)
    print("held", os.read(0, 100))
except OSError as refused:
    print("held", refused)
