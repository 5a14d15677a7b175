# concurrent.futures with processes.
from concurrent.futures import ProcessPoolExecutor
import multiprocessing as mp
def cube(number): return number ** 3
def fails(): raise KeyError("in a process")
if __name__ == "__main__":
    for method in ("fork", "spawn"):
        with ProcessPoolExecutor(2, mp_context=mp.get_context(method)) as pool:
            print(list(pool.map(cube, range(5))), repr(pool.submit(fails).exception()))
