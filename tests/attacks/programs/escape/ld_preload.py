# technique: LD_PRELOAD, LD_LIBRARY_PATH and LD_AUDIT with libraries that the program has written
# source: ld.so(8)
# verdict: WA
# invariant: a preloaded library in a noexec place is refused, and the start goes on without it
# without: seccomp capabilities network read_only_root
import os, shutil, subprocess, sys

library = next(line.split()[-1] for line in open("/proc/self/maps") if "/libm" in line or "/libc.so" in line)
shutil.copy(library, "/tmp/evil.so")
shutil.copy(library, "/tmp/libz.so.1")
look = "print([line for line in open('/proc/self/maps') if '/tmp/' in line and 'x' in line.split()[1]])"
for name, value in (("LD_PRELOAD", "/tmp/evil.so"), ("LD_AUDIT", "/tmp/evil.so"), ("LD_LIBRARY_PATH", "/tmp")):
    ended = subprocess.run([sys.executable, "-c", look], env={name: value}, capture_output=True, text=True)
    print("ESCAPED" if "/tmp/" in ended.stdout else "held", name, ended.stdout, ended.stderr[-150:])
