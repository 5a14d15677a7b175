# A pool of forked processes, and an exception that comes from one.
# ends: exit 1
import multiprocessing as mp
def square(number): return number * number
def fails(number): return 1 / number
if __name__ == "__main__":
    with mp.get_context("fork").Pool(2) as pool:
        print(pool.map(square, range(10)), pool.apply(square, (12,)))
        try:
            pool.map(fails, [1, 0], chunksize=1)
        except ZeroDivisionError as error:
            print(type(error.__cause__).__name__)
            raise SystemExit(1)
