# technique: the dynamic linker is asked to run a program that lies in a noexec place
# source: "Bypassing noexec with ld.so" (known since 2.4 kernels)
# verdict: WA
# invariant: the linker cannot map it executable either
# without: seccomp capabilities network read_only_root
import os, shutil, subprocess

shutil.copy("/usr/bin/python3.13", "/tmp/python")
for linker in ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-x86-64.so.2", "/usr/lib64/ld-linux-x86-64.so.2"):
    try:
        ended = subprocess.run([linker, "/tmp/python", "-c", "print('ESCAPED noexec by ld.so')"], capture_output=True)
        print(ended.stdout.decode() or "held", ended.stderr[-200:])
    except OSError as refused:
        print("held", refused)
