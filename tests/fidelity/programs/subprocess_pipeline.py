# A pipeline of two children.
import subprocess, sys
one = subprocess.Popen([sys.executable, "-c", "for i in range(5): print(i)"], stdout=subprocess.PIPE)
two = subprocess.Popen([sys.executable, "-c", "import sys; print(sum(map(int, sys.stdin)))"], stdin=one.stdout, stdout=subprocess.PIPE, text=True)
one.stdout.close()
print(two.communicate()[0], one.wait(), two.returncode)
