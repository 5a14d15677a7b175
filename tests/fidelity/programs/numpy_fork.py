# numpy in forked processes.
import multiprocessing as mp, numpy as np
def work(number): return float((np.eye(200) * number @ np.ones((200, 200))).sum())
if __name__ == "__main__":
    with mp.get_context("fork").Pool(2) as pool: print(pool.map(work, range(4)))
