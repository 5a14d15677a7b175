# technique: a module from a zip archive in a writable place, whose loader runs what it likes
# source: PEP 273
# verdict: WA
# invariant: code of the archive is Python of the program, no more
# without: seccomp capabilities network read_only_root
import sys, zipfile

with zipfile.ZipFile("/tmp/modules.zip", "w") as archive:
    archive.writestr("evil.py", "import os\ntry:\n  os.execv('/bin/sh', ['sh', '-c', 'echo ESCAPED'])\nexcept OSError: print('held')\n")
    archive.writestr("native.so", open(next(l.split()[-1] for l in open("/proc/self/maps") if "libc.so" in l or "libm" in l), "rb").read())
sys.path.insert(0, "/tmp/modules.zip")
import evil

try:
    import native
    print("ESCAPED", native)
except ImportError as refused:
    print("held", refused)
