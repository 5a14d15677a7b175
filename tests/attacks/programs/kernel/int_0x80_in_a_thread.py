# technique: a 32-bit call in a second thread, which is ended alone
# source: libseccomp: SCMP_ACT_KILL_THREAD for bad architectures
# verdict: SV
# invariant: the call is not made; the thread or the process ends
# without: seccomp capabilities
import ctypes, mmap, threading

code = bytes.fromhex("53 b836010000 bb00000010 cd80 5b c3")
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
results = []
threading.Thread(target=lambda: results.append(call()), daemon=True).start()
threading.Event().wait(0.5)
print("ESCAPED" if 0 in results else "held", results, flush=True)
__import__("os")._exit(0)
