# A pool of spawned processes.
import multiprocessing as mp
class Pair:
    def __init__(self, one): self.one = one
def make(number): return Pair(number)
if __name__ == "__main__":
    with mp.get_context("spawn").Pool(2) as pool:
        print([type(pair) is Pair and pair.one for pair in pool.map(make, range(4))])
