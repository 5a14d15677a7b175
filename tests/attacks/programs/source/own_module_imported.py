# technique: the program imports itself under its own name and reloads
# source: CPython docs: __main__
# verdict: WA RTE TLE MLE OLE
# invariant: importing oneself gains nothing
# without: seccomp
import importlib, os, sys

name = os.path.basename(sys.argv[0])[:-3]
module = importlib.import_module(name)
if __name__ == '__main__':
    for _ in range(100):
        importlib.reload(module)
    print('held')
