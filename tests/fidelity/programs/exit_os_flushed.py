# What was flushed before os._exit is seen.
import os, sys
print("seen", flush=True)
print("also seen"); sys.stdout.flush()
sys.stderr.write("seen too, without an end")
os._exit(0)
