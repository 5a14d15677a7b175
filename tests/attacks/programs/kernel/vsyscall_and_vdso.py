# technique: calls through the vsyscall page and the vDSO, which some filters and tracers overlook
# source: vsyscall emulation, seccomp(2) caveats
# verdict: WA
# invariant: there is nothing dangerous to be called there
# without: seccomp capabilities
import ctypes

maps = [line.split() for line in open("/proc/self/maps") if "vsyscall" in line or "vdso" in line or "vvar" in line]
print(maps)
with open("/proc/self/mem", "r+b", buffering=0) as memory:
    for span, rights, *_, name in maps:
        start = int(span.split("-")[0], 16)
        if name == "[vdso]":
            memory.seek(start)
            image = memory.read(4096)
            print("held", image[:4])
try:
    time = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p)(0xFFFFFFFFFF600400)
    print("held" if any(name == "[vsyscall]" for *_, name in maps) and time(None) > 0 else "held")
except OSError as refused:
    print("held", refused)
