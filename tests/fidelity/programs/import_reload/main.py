# importlib.reload sees a changed file.
import importlib, os, changes
print(changes.VALUE)
with open("changes.py", "w") as file: file.write("VALUE = 'changed'\n")
os.utime("changes.py", (1, 1))
print(importlib.reload(changes).VALUE, importlib.import_module("changes") is changes)
