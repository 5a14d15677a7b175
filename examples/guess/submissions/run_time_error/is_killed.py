import os

print(500, flush=True)
os.abort()
