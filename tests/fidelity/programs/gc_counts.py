# Few objects are there before the program makes some.
import gc
print(len(gc.get_objects()) < 20_000, len(gc.get_stats()), all(set(stats) >= {"collections", "collected", "uncollectable"} for stats in gc.get_stats()))
print(gc.collect() < 1000, gc.collect())
