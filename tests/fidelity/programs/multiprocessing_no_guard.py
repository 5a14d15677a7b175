# Spawn without a guard: the usual error.
# ends: exit 1
import multiprocessing as mp
mp.set_start_method("spawn")
process = mp.Process(target=print, args=("x",))
process.start(); process.join()
raise SystemExit(process.exitcode)
