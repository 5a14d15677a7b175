"""multiprocessing: all three start methods, pools, queues, pipes, managers, shared memory."""
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import shared_memory


def square(x):
    return x * x


def answer(queue, connection, value, lock):
    with lock:
        value.value += 1
    queue.put("from a queue")
    connection.send("from a pipe")
    connection.close()


def one_child(context):
    queue, value, lock = context.Queue(), context.Value("i", 41), context.Lock()
    here, there = context.Pipe()
    child = context.Process(target=answer, args=(queue, there, value, lock))
    child.start()
    print(context.get_start_method(), queue.get(timeout=60), here.recv())
    child.join()
    print(child.exitcode, value.value)


def killed(context):
    child = context.Process(target=time.sleep, args=(600,))
    child.start()
    child.terminate()
    child.join()
    print("terminated", child.exitcode)


def main():
    for method in multiprocessing.get_all_start_methods():
        one_child(multiprocessing.get_context(method))
    fork = multiprocessing.get_context("fork")
    killed(fork)
    with fork.Pool(2) as pool:
        print(pool.map(square, range(10)))
    with ProcessPoolExecutor(2, mp_context=fork) as pool:
        print(sum(pool.map(square, range(10))))
    with fork.Manager() as manager:
        numbers = manager.list([1, 2])
        numbers.append(3)
        print(list(numbers))
    memory = shared_memory.SharedMemory(create=True, size=4096)
    memory.buf[0] = 7
    print(memory.buf[0])
    memory.close()
    memory.unlink()


if __name__ == "__main__":
    main()
