# __builtins__ is the module in the main program.
import builtins
print(__builtins__ is builtins, type(__builtins__).__name__, sorted(vars(__builtins__)))
