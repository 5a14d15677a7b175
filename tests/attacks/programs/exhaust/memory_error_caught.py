# technique: MemoryError is caught, and memory asked for again and again
# source: CPython docs: MemoryError
# verdict: MLE
# invariant: who comes to the limit is ended by the kernel
# without: seccomp capabilities
hoard = []
size = 1 << 30
while size > 64:
    try:
        hoard.append(b"x" * size)
    except MemoryError:
        size //= 2
while True:
    pass
