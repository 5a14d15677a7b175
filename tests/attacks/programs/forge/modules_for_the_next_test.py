# technique: modules in the work directory that hide those of the library, for the next test
# source: CPython docs: sys.path[0]
# verdict: WA
# invariant: the work directory is cleared and laid anew
# without: seccomp
import os

for name in ("random", "encodings", "site", "heapq", "bisect", "os", "codecs", "this_was_left"):
    with open(f"/work/{name}.py", "w") as file:
        file.write("print('LEAKED a module')\nleft = True\n")
number = int(open(0).readline().split()[1])
try:
    if number > 1:
        os.remove("/work/this_was_left.py")
        import this_was_left
        print("LEAKED", this_was_left)
except ImportError:
    print("held")
