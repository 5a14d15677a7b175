# Limits and switches of the interpreter.
import sys
print(sys.getrecursionlimit(), sys.getswitchinterval(), sys.get_int_max_str_digits(), sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())
print(sys.is_finalizing(), sys.getdlopenflags(), sys.maxsize, sys.float_info, sys.hash_info, sys.thread_info, sys.byteorder, sys.abiflags, sys.float_repr_style)
print([hasattr(sys, name) for name in ("ps1", "ps2", "last_exc", "last_type", "last_value", "last_traceback", "tracebacklimit", "gettotalrefcount", "_MEIPASS", "frozen")])
