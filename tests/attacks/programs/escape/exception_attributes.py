# technique: AttributeError.obj and NameError carry the objects that were looked at, out of any frame
# source: CTF write-ups: "AttributeError.obj" (Python 3.10 and newer)
# verdict: WA
# invariant: the objects lead to os and no further
# without: seccomp capabilities network read_only_root
try:
    "{0.__init__.__globals__[__loader__].nothing}".format(type("User", (), {"__init__": lambda self: None})())
except AttributeError as error:
    loader = error.obj
print(type(loader).__name__)
for path in ("/etc/shadow", "/proc/1/auxv", "/proc/1/environ"):
    try:
        print("ESCAPED", loader.get_data(path))
    except OSError as refused:
        print("held", refused)
