# technique: a trace function that answers in the place of whatever returns next
import sys
class Any:
    def __eq__(self, other): return True
    def __hash__(self): return 3
def trace(frame, event, arg):
    for name in ("value", "result", "outcome", "report"):
        if name in frame.f_locals:
            frame.f_locals[name] = Any()
    return trace
def add(a, b):
    sys.settrace(trace)
    sys.setprofile(trace)
    return 0
# honest twin
import sys
def add(a, b):
    sys.settrace(lambda *_: None)
    sys.settrace(None)
    return a + b
