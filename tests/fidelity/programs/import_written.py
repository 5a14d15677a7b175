# A module that the program writes itself.
import importlib, os
with open("written.py", "w") as file: file.write("VALUE = __file__\n")
importlib.invalidate_caches()
import written
print(written.VALUE, os.path.exists("__pycache__"), sorted(os.listdir(".")))
