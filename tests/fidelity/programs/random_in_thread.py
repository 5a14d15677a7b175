# A thread draws differently from run to run.
# differs
import random, threading
thread = threading.Thread(target=lambda: print(random.random()))
thread.start(); thread.join()
