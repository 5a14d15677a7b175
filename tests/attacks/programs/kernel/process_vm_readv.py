# technique: process_vm_readv of the runner's memory
# source: process_vm_readv(2)
# verdict: SV
# invariant: the memory of another process cannot be read
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
class Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

buffer = ctypes.create_string_buffer(4096)
here, there = Span(ctypes.addressof(buffer), 4096), Span(0x400000, 4096)
read = libc.process_vm_readv(1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
print("ESCAPED" if read > 0 else "held", ctypes.get_errno(), buffer.raw[:read] if read > 0 else "")
