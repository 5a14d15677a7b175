# Forked processes draw alike or are seeded anew, as always.
import multiprocessing as mp, random
def draw(queue): queue.put(random.random())
if __name__ == "__main__":
    random.seed(3)
    context = mp.get_context("fork")
    queue = context.Queue()
    processes = [context.Process(target=draw, args=(queue,)) for _ in range(2)]
    [process.start() for process in processes]
    drawn = {queue.get() for _ in processes}
    [process.join() for process in processes]
    print(len(drawn), random.random() in drawn)
