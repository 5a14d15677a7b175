# technique: imports every module of the standard library and numpy with all its parts
# source: THREATS: import of a huge package
# verdict: WA TLE MLE
# invariant: imports are the program's own time and memory
# without: seccomp capabilities
import importlib, pkgutil, sys

loaded = 0
for name in sorted(sys.stdlib_module_names) + [module.name for module in pkgutil.walk_packages(__import__("numpy").__path__, "numpy.", onerror=lambda name: None)]:
    if name in ("antigravity", "this", "idlelib", "__main__", "_pyrepl"):
        continue
    try:
        importlib.import_module(name)
        loaded += 1
    except BaseException:
        pass
print("held", loaded)
