# A child is killed for memory, its parent lives on.
import subprocess, sys
child = subprocess.run([sys.executable, "-c", "hoard = []\nwhile True: hoard.append(bytearray(b'x') * (16 << 20))"])
print(child.returncode)
