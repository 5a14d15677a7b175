# technique: usercustomize and a .pth file below a home directory of its own, for every Python that starts
# source: CPython docs: site
# verdict: WA
# invariant: such a Python has the rights of the program, and no later test has that home
# without: seccomp capabilities network read_only_root
import os, subprocess, sys

home = "/tmp/home"
site = f"{home}/.local/lib/python3.13/site-packages"
os.makedirs(site)
with open(site + "/usercustomize.py", "w") as file:
    file.write("import os\ntry: os.execv('/bin/sh', ['sh', '-c', 'echo ESCAPED'])\nexcept OSError: print('held')\n")
with open(site + "/x.pth", "w") as file:
    file.write("import sys; sys.stdout.write(open('/etc/shadow').read() and 'ESCAPED')\n")
ended = subprocess.run([sys.executable, "-c", "pass"], env={"HOME": home}, capture_output=True, text=True)
print(ended.stdout, ended.stderr[-300:])
