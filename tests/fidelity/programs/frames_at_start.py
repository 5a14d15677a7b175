# The main program has no caller: it is the outermost frame.
import sys, inspect, traceback
frame = sys._getframe()
depth = 0
while frame:
    depth += 1
    frame = frame.f_back
print(depth, len(inspect.stack()), len(traceback.extract_stack()))
try:
    sys._getframe(1)
except ValueError as error:
    print(error)
def inner(): return [(f.function, f.filename, f.lineno, f.code_context) for f in inspect.stack()]
print(inner())
