# tracemalloc is off, and can be switched on.
import tracemalloc
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_tracemalloc_memory() < 10_000)
tracemalloc.start()
data = [bytes(1000) for _ in range(100)]
print(tracemalloc.get_traced_memory()[0] > 100_000, tracemalloc.take_snapshot().statistics("lineno")[0].traceback[0].filename)
