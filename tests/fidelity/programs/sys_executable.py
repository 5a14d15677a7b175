# Where the interpreter is, and what it believes of itself.
import sys
print(sys.executable, sys._base_executable, sys.prefix, sys.exec_prefix, sys.base_prefix, sys.platlibdir)
print(sys.orig_argv, sys.version, sys.implementation, sys.api_version, sys.hexversion)
