# A manager with shared objects, and shared memory.
import multiprocessing as mp
from multiprocessing import shared_memory
def work(shared, number): shared[number] = number * number
if __name__ == "__main__":
    context = mp.get_context("fork")
    with context.Manager() as manager:
        shared = manager.dict()
        processes = [context.Process(target=work, args=(shared, number)) for number in range(3)]
        [process.start() for process in processes]; [process.join() for process in processes]
        print(sorted(shared.items()))
    memory = shared_memory.SharedMemory(create=True, size=16)
    memory.buf[:5] = b"hello"
    other = shared_memory.SharedMemory(memory.name)
    print(bytes(other.buf[:5]))
    other.close(); memory.close(); memory.unlink()
