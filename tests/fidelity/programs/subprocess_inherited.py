# A child that writes to the streams of its parent.
import subprocess, sys
print("one", flush=True)
subprocess.run([sys.executable, "-c", "import sys; print('two ' + input()); print('three', file=sys.stderr)"])
print("four")
