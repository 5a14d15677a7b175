# technique: code.replace turns a harmless function into one that opens a file
# source: CPython docs: codeobject.replace
# verdict: WA
# invariant: the file is not there, or is not readable
# without: seccomp capabilities network read_only_root
def harmless(path):
    return abs(path)

harmless.__code__ = harmless.__code__.replace(co_names=("open",))
for path in ("/etc/shadow", "/proc/1/environ", "/proc/1/mem", "/proc/kcore", "/dev/mem"):
    try:
        print("ESCAPED read", path, harmless(path).read(100))
    except OSError as refused:
        print("held", refused)
