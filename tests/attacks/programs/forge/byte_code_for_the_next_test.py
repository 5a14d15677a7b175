# technique: byte code in __pycache__ that a later import would trust
# source: PEP 552: unchecked hash-based pycs
# verdict: WA
# invariant: no byte code outlives the test
# without: seccomp
import importlib.util, marshal, os, sys

number = int(open(0).readline().split()[1])
if number > 1:
    try:
        import helper_that_was_left
        print("LEAKED", helper_that_was_left)
    except ImportError:
        print("held")
code = marshal.dumps(compile("print('LEAKED byte code')", "x", "exec"))
for place in ("/work", "/work/__pycache__"):
    os.makedirs(place, exist_ok=True)
    for name in ("helper_that_was_left.pyc", "helper_that_was_left.cpython-313.pyc", os.path.basename(sys.argv[0])[:-3] + ".cpython-313.pyc"):
        with open(f"{place}/{name}", "wb") as file:
            file.write(importlib.util.MAGIC_NUMBER + b"\1\0\0\0" + bytes(8) + code)
