# Children draw differently from run to run.
# differs
import subprocess, sys, multiprocessing as mp, random
def draw(queue): queue.put(random.random())
if __name__ == "__main__":
    print(subprocess.check_output([sys.executable, "-c", "import random; print(random.random())"], text=True).strip())
    print(subprocess.check_output([sys.executable, "-c", "print(hash('a'))"], text=True).strip())
    for method in ("fork", "spawn"):
        context = mp.get_context(method)
        queue = context.Queue()
        process = context.Process(target=draw, args=(queue,))
        process.start(); print(queue.get()); process.join()
