# Killed together with what it has started.
# wall: 2
# ends: signal 9 by the wall limit
import subprocess, sys
print("starting", flush=True)
subprocess.run([sys.executable, "-c", "import time; print('child', flush=True); time.sleep(60); print('never')"])
