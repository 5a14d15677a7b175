# technique: from an exception to the frames of its traceback, to the builtins of each
# source: CPython docs: traceback.tb_frame
# verdict: WA
# invariant: frames lead to the program itself and to nothing that the judge runs
# without: seccomp capabilities network read_only_root
try:
    1 / 0
except ZeroDivisionError as error:
    frame = error.__traceback__.tb_frame
above = []
while frame:
    above.append(frame.f_code.co_filename)
    builtins, frame = frame.f_builtins, frame.f_back
print("frames", above)
if any("assize" in name or "zygote" in name for name in above):
    print("ESCAPED a frame of the judge is below")
os = builtins["__import__"]("os")
print("held" if not os.path.exists("/bin/sh") else "ESCAPED there is a shell")
