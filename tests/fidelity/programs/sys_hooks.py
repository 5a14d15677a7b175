# All hooks are the original ones.
import sys, threading, builtins
print(sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__, sys.unraisablehook is sys.__unraisablehook__)
print(sys.breakpointhook is sys.__breakpointhook__, threading.excepthook is threading.__excepthook__)
print(sys.gettrace(), sys.getprofile(), sys.get_asyncgen_hooks(), sys.get_coroutine_origin_tracking_depth())
print(builtins.__import__, builtins.__build_class__, builtins.print, builtins.open, builtins.input)
