# What a child sees of modules is what the program sees of them.
import subprocess, sys
child = subprocess.check_output([sys.executable, "-c", "import sys; print(sorted(sys.modules)); print(sys.path[1:])"], text=True).splitlines()
print(child[1] == repr(sys.path[1:]), sorted(set(eval(child[0])) - set(sys.modules)))
