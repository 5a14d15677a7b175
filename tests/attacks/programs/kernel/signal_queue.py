# technique: rt_sigqueueinfo and rt_tgsigqueueinfo with a forged sender, timers that signal others
# source: rt_sigqueueinfo(2), CVE-2022-30594 and others around siginfo
# verdict: WA
# invariant: no forged signal seems to come from the kernel
# without: capabilities
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
information = ctypes.create_string_buffer(128)
for name, number, *words in (
    ("rt_sigqueueinfo", 129, 1, 17, information),
    ("rt_tgsigqueueinfo", 297, 1, 1, 17, information),
    ("tkill", 200, 1, 17),
    ("timer_create", 222, 1, information, information),
):
    result = libc.syscall(number, *words)
    print("held" if result < 0 else "ESCAPED", name, ctypes.get_errno())
