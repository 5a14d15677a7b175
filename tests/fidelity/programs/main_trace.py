# Tracing and profiling functions see the calls of the program.
import sys
events = []
def trace(frame, event, arg):
    events.append((event, frame.f_code.co_name, frame.f_lineno))
    return trace
def f(): return 1
sys.settrace(trace); f(); sys.settrace(None)
sys.setprofile(lambda frame, event, arg: events.append((event, frame.f_code.co_name))); f(); sys.setprofile(None)
print(events)
