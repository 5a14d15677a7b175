# A child has the limits of its parent, and the same parent's rights.
import subprocess, sys
code = "import resource, os; print([resource.getrlimit(number) for number in range(16)], os.nice(0), os.getcwd(), oct(os.umask(0)))"
print(subprocess.check_output([sys.executable, "-c", code], text=True))
