# Modules of the program's own, with names and files of theirs.
import sys, helper
from package import module, VALUE
import package.sub.leaf as leaf
print(helper.__name__, helper.__file__, helper.__package__, helper.__spec__.name, helper.__cached__, type(helper.__loader__).__name__)
print(module.who(), VALUE, leaf.__package__, leaf.up(), package.__path__ if "package" in globals() else "not bound")
print([name for name in sys.modules if name.startswith(("helper", "package"))])
