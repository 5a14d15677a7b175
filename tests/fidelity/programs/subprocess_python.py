# The interpreter as a child: output, input, status.
import subprocess, sys
done = subprocess.run([sys.executable, "-c", "import sys; print(sys.stdin.read().upper(), end=''); print('err', file=sys.stderr); sys.exit(4)"], input="hello\n", capture_output=True, text=True)
print(done.returncode, repr(done.stdout), repr(done.stderr))
print(subprocess.check_output([sys.executable, "-c", "import sys, os; print(sys.flags, sorted(os.environ), os.listdir('/proc/self/fd'))"], text=True))
