# technique: name_to_handle_at tells handles and mount ids of the host's file system
# source: name_to_handle_at(2)
# verdict: SV
# invariant: handles are not told
# without: seccomp capabilities
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
handle = ctypes.create_string_buffer(b"\x80\0\0\0", 256)
mount = ctypes.c_int()
told = libc.syscall(303, -100, b"/etc/hostname", handle, ctypes.byref(mount), 0)
print("ESCAPED" if told == 0 else "held", ctypes.get_errno())
