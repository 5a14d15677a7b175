# technique: a parent in vfork cannot take a signal until its child ends, and the child sleeps
# source: vfork(2): uninterruptible until Linux 3.x, killable since
# verdict: TLE
# invariant: both are killed
# without: seccomp capabilities
import ctypes, mmap

# mov eax, 58 (vfork); syscall; test eax, eax; jnz done; loop: mov eax, 34 (pause); syscall; jmp loop; done: ret
code = bytes.fromhex("59 b83a000000 0f05 85c0 7509 b822000000 0f05 ebf7 51 c3")
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
print("held", ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))())
