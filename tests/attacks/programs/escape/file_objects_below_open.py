# technique: ways to open that do not go by builtins.open: io.FileIO, os.open, io.open_code, codecs, mmap of a file, socket files
# source: PEP 578, "io.open_code"
# verdict: WA
# invariant: the kernel decides what is opened, not a function of Python
# without: seccomp capabilities network read_only_root
import codecs, io, os, tokenize, zipfile, _io

ways = [io.open_code, _io.FileIO, codecs.open, tokenize.open, lambda path: os.fdopen(os.open(path, os.O_RDONLY)), zipfile.ZipFile, _io.open]
for path in ("/etc/shadow", "/proc/1/environ", "/proc/1/mem", "/proc/1/maps", "/dev/mem", "/dev/vda", "/dev/sda"):
    for way in ways:
        try:
            print("ESCAPED", path, way(path))
        except OSError:
            pass
print("held")
