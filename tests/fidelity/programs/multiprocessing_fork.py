# multiprocessing with fork: processes, queues, values.
import multiprocessing as mp, os
def work(number, queue, total):
    with total.get_lock(): total.value += number
    queue.put((number, os.getppid() != 1, mp.current_process().name, mp.parent_process().name, __name__))
if __name__ == "__main__":
    context = mp.get_context("fork")
    queue, total = context.Queue(), context.Value("i", 0)
    processes = [context.Process(target=work, args=(number, queue, total)) for number in range(3)]
    for process in processes: process.start()
    print(sorted(queue.get() for _ in processes))
    for process in processes: process.join()
    print([process.exitcode for process in processes], total.value, mp.active_children())
