# Files beside the program and in its packages.
import importlib.resources, pkgutil, os
print(open("data.txt").read(), importlib.resources.files("package").joinpath("inner.txt").read_text(), pkgutil.get_data("package", "inner.txt"))
print(sorted(module.name for module in pkgutil.iter_modules(["/work"])), oct(os.stat("data.txt").st_mode), os.stat("data.txt").st_size)
