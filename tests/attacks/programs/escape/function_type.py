# technique: types.FunctionType with namespaces and closures of its own
# source: CPython docs: types.FunctionType, types.CellType
# verdict: WA
# invariant: nothing of the host is writable
# without: seccomp capabilities network
import types

def outer(opener):
    def inner(path):
        return opener(path, "w")
    return inner

code = outer(None).__code__
write = types.FunctionType(code, {}, closure=(types.CellType(open),))
for path in ("/etc/passwd", "/usr/lib/assize/runner", "/usr/bin/python3.13", "/usr/lib/assize/zygote.py", "/proc/sysrq-trigger"):
    try:
        write(path).close()
        print("ESCAPED writable", path)
    except OSError as refused:
        print("held", refused)
