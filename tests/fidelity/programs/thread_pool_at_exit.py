# A pool of threads that is not shut down ends with the program.
from concurrent.futures import ThreadPoolExecutor
import time
pool = ThreadPoolExecutor(2)
pool.submit(lambda: (time.sleep(0.5), print("task ends")))
print("main ends")
