# The whole environment, in its order.
import os
print(list(os.environ.items()))
print(os.environb[b"PATH"], os.getenv("PYTHONPATH"), os.getenv("ASSIZE"), os.getenv("LD_PRELOAD"))
