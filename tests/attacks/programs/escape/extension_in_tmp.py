# technique: an extension module written to every writable place, and imported from there
# source: THREATS: importlib of a .so written to tmp
# verdict: WA
# invariant: writable places are noexec: no code of a file can be mapped there
# without: seccomp capabilities network read_only_root
import glob, importlib.machinery, importlib.util, os, shutil

source = glob.glob("/usr/lib/python3.13/lib-dynload/_json*.so") or glob.glob("/usr/lib/python3.13/lib-dynload/_*.so")
for place in ("/tmp", "/work", "/dev/shm", "/dev/mqueue", "/run", "/var/tmp"):
    target = f"{place}/{os.path.basename(source[0])}"
    try:
        shutil.copy(source[0], target)
        name = os.path.basename(target).split(".")[0]
        loader = importlib.machinery.ExtensionFileLoader(name, target)
        importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
        print("ESCAPED an extension was loaded from", place)
    except (OSError, ImportError) as refused:
        print("held", refused)
