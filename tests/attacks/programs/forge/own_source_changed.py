# technique: overwrites its own source, so that a later test runs something else
# source: white box: the files are laid anew after each test
# verdict: WA
# invariant: every test runs the source that was submitted
# without: seccomp
import os, sys

path = os.path.abspath(sys.argv[0])
text = open(path).read()
if "changed by" + " an earlier test" in text:
    print("LEAKED source")
with open(path, "w") as file:
    file.write("print('LEAKED source')  # changed by" + " an earlier test\n")
os.chmod(path, 0)
print("held")
