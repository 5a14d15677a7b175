# python -m with a module of one's own, and with one of the library.
import subprocess, sys
with open("own.py", "w") as file: file.write("import sys; print(__name__, sys.argv, sys.path[0], __spec__.name)")
print(subprocess.check_output([sys.executable, "-m", "own", "x"], text=True))
print(subprocess.run([sys.executable, "-m", "json.tool"], input='{"a":1}', capture_output=True, text=True).stdout)
print(subprocess.run([sys.executable, "-"], input="import sys; print(sys.argv, __name__)", capture_output=True, text=True).stdout)
