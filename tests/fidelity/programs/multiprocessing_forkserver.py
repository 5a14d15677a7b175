# multiprocessing with a fork server, as far as the box lets it.
import multiprocessing as mp
def work(queue): queue.put(__name__)
if __name__ == "__main__":
    context = mp.get_context("forkserver")
    try:
        queue = context.Queue()
        process = context.Process(target=work, args=(queue,))
        process.start()
        print(queue.get()); process.join()
        print(process.exitcode)
    except OSError as error:
        print(error)
