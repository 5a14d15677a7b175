# technique: machine code in anonymous memory that is writable and executable, which calls execve("/bin/sh")
# source: mmap(2), every shellcode collection
# verdict: WA
# invariant: code may run; the call finds no shell
# without: seccomp capabilities network read_only_root
import ctypes, mmap

code = bytes.fromhex("48bb2f62696e2f736800 534889e7 31f6 31d2 b83b000000 0f05 5b c3".replace(" ", ""))
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
call = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
print("held, execve gave", call())
