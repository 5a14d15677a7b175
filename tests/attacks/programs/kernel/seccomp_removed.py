# technique: seccomp and prctl are asked to take the filter away, to lay a listener or a looser one
# source: seccomp(2), PR_SET_SECCOMP
# verdict: WA
# invariant: filters only add up, and programs may not lay any
# without: capabilities
import ctypes, struct

libc = ctypes.CDLL(None, use_errno=True)
allow = ctypes.create_string_buffer(struct.pack("<HBBI", 6, 0, 0, 0x7FFF0000), 8)
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
program = Program(1, ctypes.addressof(allow))
print("held" if libc.prctl(22, 0, 0, 0, 0) else "ESCAPED disabled", ctypes.get_errno())
print("held" if libc.prctl(22, 2, ctypes.byref(program), 0, 0) else "ESCAPED a filter", ctypes.get_errno())
print("held" if libc.syscall(317, 1, 8, ctypes.byref(program)) < 0 else "ESCAPED a listener", ctypes.get_errno())
print("held" if libc.syscall(317, 1, 0, ctypes.byref(program)) < 0 else "ESCAPED a filter", ctypes.get_errno())
mode = [line for line in open("/proc/self/status") if line.startswith("Seccomp:")]
print("held" if mode == ["Seccomp:\t2\n"] else "ESCAPED", mode)
