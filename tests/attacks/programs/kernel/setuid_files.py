# technique: setuid and setgid files of the image, and one that the program makes itself
# source: execve(2), no_new_privs
# verdict: WA
# invariant: there is none in the image, and its own gives nothing
# without: seccomp capabilities
import os, shutil, stat, subprocess

for top in ("/usr/bin", "/usr/sbin", "/usr/lib/assize", "/usr/libexec", "/usr/lib/x86_64-linux-gnu", "/usr/local", "/etc", "/opt"):
    for directory, _, names in os.walk(top):
        for name in names:
            path = os.path.join(directory, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISREG(mode) and (mode & 0o6000 or "security.capability" in os.listxattr(path, follow_symlinks=False)):
                print("ESCAPED there is", path, oct(mode))
shutil.copy("/usr/bin/python3.13", "/tmp/python")
try:
    os.chmod("/tmp/python", 0o6755)
    os.chown("/tmp/python", 0, 0)
    print("ESCAPED", subprocess.run(["/tmp/python", "-c", "import os; print(os.geteuid())"]))
except OSError as refused:
    print("held", refused)
