# technique: sys._getframe and threads' frames: everything that the interpreter runs at this moment
# source: CPython docs: sys._getframe, sys._current_frames
# verdict: WA
# invariant: the only frames are the program's own
# without: seccomp capabilities network read_only_root
import sys, threading

gate = threading.Event()
other = threading.Thread(target=gate.wait)
other.start()
files = set()
for frame in [sys._getframe(), *sys._current_frames().values()]:
    while frame:
        files.add(frame.f_code.co_filename)
        frame = frame.f_back
gate.set()
strange = [name for name in files if "/assize/" in name or "zygote" in name]
print("ESCAPED", strange) if strange else print("held", sorted(files))
