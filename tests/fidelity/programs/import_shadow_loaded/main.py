# A module that every interpreter has loaded already cannot be shadowed.
import os, codecs, abc, stat, io
print([module.__file__.startswith("/work") for module in (os, codecs, abc, stat, io) if hasattr(module, "__file__")])
import types
print(types.MINE)
