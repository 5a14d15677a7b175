# technique: named semaphores and shared memory of multiprocessing, whose tracker has been killed
# source: sem_overview(7), CPython docs: multiprocessing.shared_memory
# verdict: WA
# invariant: they are files in /dev/shm, and wiped
# without: seccomp capabilities
import os
from multiprocessing import resource_tracker, shared_memory

try:
    left = shared_memory.SharedMemory("left")
    print("LEAKED", bytes(left.buf[:4]))
except FileNotFoundError as refused:
    print("held", refused)
resource_tracker.register = lambda *words: None
memory = shared_memory.SharedMemory("left", create=True, size=4096)
memory.buf[:4] = b"left"
import _multiprocessing
semaphore = _multiprocessing.SemLock(1, 5, 10, "/left-semaphore", False)
print(os.listdir("/dev/shm"))
os._exit(0)
