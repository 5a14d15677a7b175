# No byte code is written beside the modules.
import os, module
print(os.listdir("."), module.__cached__, os.path.exists(module.__cached__))
