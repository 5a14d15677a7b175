# A child without a buffer writes in between.
import subprocess, sys
print("first")
sys.stdout.flush()
subprocess.run([sys.executable, "-u", "-c", "import sys; sys.stdout.write('a'); sys.stderr.write('b'); sys.stdout.write('c')"])
print("last")
