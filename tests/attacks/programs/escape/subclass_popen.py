# technique: subprocess.Popen found among the subclasses, without an import of subprocess by name
# source: "Server side template injection" write-ups: __subclasses__()[n] is Popen
# verdict: WA
# invariant: no program of the host can be started
# without: seccomp capabilities network read_only_root
import logging.handlers, asyncio  # noqa: bring subprocess along

def below(cls):
    for sub in type.__subclasses__(cls):
        yield sub
        yield from below(sub)

popen = next(cls for cls in below(object) if cls.__name__ == "Popen" and cls.__module__ == "subprocess")
for program in ("/bin/sh", "/bin/bash", "/usr/bin/env", "/usr/bin/id", "/usr/bin/perl"):
    try:
        popen([program, "--version"]).wait()
        print("ESCAPED started", program)
    except OSError:
        print("held", program)
