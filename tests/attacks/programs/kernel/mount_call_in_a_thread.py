# technique: a forbidden call in a thread, which has the filter of the process
# source: seccomp(2): threads, SECCOMP_FILTER_FLAG_TSYNC
# verdict: SV
# invariant: the whole process is killed
# without: seccomp capabilities
import ctypes, threading

libc = ctypes.CDLL(None, use_errno=True)
def attack():
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
        print("ESCAPED", flush=True)

threads = [threading.Thread(target=attack) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("held")
