# timeit and cProfile run things of the main program.
import timeit, cProfile, pstats, io
def work(): return sum(range(100))
print(timeit.timeit("work()", globals=globals(), number=10) >= 0, timeit.repeat(work, number=1, repeat=2) != [])
profile = cProfile.Profile(); profile.runcall(work)
out = io.StringIO(); pstats.Stats(profile, stream=out).strip_dirs().print_stats()
print([line.split()[-1] for line in out.getvalue().splitlines() if "main.py" in line])
