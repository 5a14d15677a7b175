# A future import holds for the main program, and only there.
from __future__ import annotations
import __future__
def f(x: undefined_name) -> also_undefined: pass
print(f.__annotations__, annotations is __future__.annotations)
exec(compile("def g(x: int): pass", "other", "exec", dont_inherit=True))
print(g.__annotations__)
