# Code objects name the file as it was started.
import sys
def function(): pass
frame = sys._getframe()
print(frame.f_code.co_filename, frame.f_code.co_name, frame.f_code.co_qualname, frame.f_code.co_firstlineno, frame.f_code.co_flags)
print(function.__code__.co_filename, function.__module__, function.__globals__ is globals())
