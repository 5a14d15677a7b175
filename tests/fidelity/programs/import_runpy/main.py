# runpy: a module and a file as programs.
import runpy, sys
print(sorted(name for name in runpy.run_module("tool", run_name="__main__", alter_sys=True) if not name.startswith("__")))
print(runpy.run_path("tool.py", {"given": 1})["__name__"], sys.argv)
