# concurrent.futures with threads.
from concurrent.futures import ThreadPoolExecutor, as_completed
with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(pow, range(5), [2] * 5)))
    future = pool.submit(lambda: 1 / 0)
    print(repr(future.exception()))
    print(sorted(future.result() for future in as_completed([pool.submit(abs, -number) for number in range(5)])))
