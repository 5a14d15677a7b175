# technique: sitecustomize, usercustomize, .pth files and __pycache__ in every writable place, for the interpreter of the next test
# source: THREATS: a .pth, usercustomize or __pycache__ in a writable place
# verdict: WA
# invariant: the next test starts from clean places
# without: seccomp capabilities
import os, sys

if os.environ.get("LEFT") or "leftover" in sys.modules or os.path.exists("/work/sitecustomize.py"):
    print("LEAKED start files")
text = "import os, sys; os.environ['LEFT'] = '1'; sys.modules['leftover'] = sys; print('LEAKED a start file')\n"
for place in ("/work", "/tmp", "/dev/shm", "/work/lib/python3.13/site-packages", "/tmp/.local/lib/python3.13/site-packages", "/nonexistent", "/usr/lib/python3/dist-packages"):
    try:
        os.makedirs(place, exist_ok=True)
        for name in ("sitecustomize.py", "usercustomize.py", "evil.pth", "pyvenv.cfg", ".pythonrc", "pybuilddir.txt", "python313._pth"):
            with open(f"{place}/{name}", "w") as file:
                file.write(text)
    except OSError as refused:
        print("held", refused)
