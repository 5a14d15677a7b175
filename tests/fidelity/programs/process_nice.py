# Nicer, and what a child gets of it.
import os, subprocess, sys
print(os.nice(3), subprocess.check_output([sys.executable, "-c", "import os; print(os.nice(0))"], text=True).strip())
try: os.nice(-1)
except OSError as error: print(error)
