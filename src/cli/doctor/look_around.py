# What a program finds in a box, as one line of JSON: `assize doctor` judges it, in both senses.
import json
import os
import stat

SHELLS_AND_TOOLS = {"sh", "bash", "dash", "ash", "busybox", "perl", "env", "gcc", "cc", "ld", "as", "apt", "dpkg", "pip", "pip3"}
MOUNTED = {"/proc", "/sys", "/dev", "/work", "/tmp"}


def files():
    for directory, names, entries in os.walk("/"):
        names[:] = [name for name in names if os.path.join(directory, name) not in MOUNTED]
        for entry in entries:
            path = os.path.join(directory, entry)
            found = os.lstat(path)
            if stat.S_ISREG(found.st_mode):
                yield path, found.st_mode


def status():
    with open("/proc/self/status") as lines:
        return dict(line.rstrip("\n").split(":\t", 1) for line in lines if ":\t" in line)


def memory_limit():
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            with open(path) as file:
                return file.read().strip()
        except OSError:
            pass
    return None


def interfaces():
    with open("/proc/net/dev") as lines:
        return [line.split(":")[0].strip() for line in lines if ":" in line]


own = status()
seen = list(files())
print(json.dumps({
    "privileged_files": [path for path, mode in seen if mode & (stat.S_ISUID | stat.S_ISGID)],
    "tools": [path for path, mode in seen if mode & 0o111 and os.path.basename(path) in SHELLS_AND_TOOLS],
    "writable_files": [path for path, mode in seen if os.access(path, os.W_OK)],
    "files": len(seen),
    "uid": os.getuid(),
    "capabilities": [name for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb") if int(own.get(name, "0"), 16)],
    "no_new_privileges": own.get("NoNewPrivs") == "1",
    "seccomp": own.get("Seccomp") == "2",
    "interfaces": [name for name in interfaces() if name != "lo"],
    "memory_limit": memory_limit(),
}))
