# technique: process_vm_writev into a process that has the program's own user
# source: process_vm_writev(2)
# verdict: SV
# invariant: the memory of another process cannot be written, not even that of a child
# without: seccomp
import ctypes, os, time

libc = ctypes.CDLL(None, use_errno=True)
class Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

buffer = ctypes.create_string_buffer(b"changed", 16)
child = os.fork()
if child == 0:
    time.sleep(1)
    os._exit(0)
span = Span(ctypes.addressof(buffer), 16)
written = libc.process_vm_writev(child, ctypes.byref(span), 1, ctypes.byref(span), 1, 0)
print("ESCAPED" if written > 0 else "held", ctypes.get_errno())
