# multiprocessing with spawn: the main program is imported again under another name.
import multiprocessing as mp, sys
print("import of", __name__, flush=True)
def work(queue): queue.put((__name__, sys.argv, __file__, mp.get_start_method(), sys.path[0]))
if __name__ == "__main__":
    context = mp.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=work, args=(queue,))
    process.start()
    print(queue.get()); process.join()
    print(process.exitcode)
