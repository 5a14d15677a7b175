# technique: from a literal to `os` by the list of all classes: ().__class__.__base__.__subclasses__()
# source: "Eval really is dangerous" (Ned Batchelder), jail escapes of every CTF
# verdict: WA
# invariant: there is no shell for os.system, and no file of the host to read
# without: seccomp capabilities network read_only_root
for cls in ().__class__.__base__.__subclasses__():
    if cls.__name__ == "_wrap_close":
        system = cls.__init__.__globals__["system"]
        break
status = system("echo ESCAPED by a shell")
print("held" if status else "ESCAPED os.system works")
