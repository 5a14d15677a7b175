# A traceback through modules of the program's own; the import system is not shown.
# ends: exit 1
from package import start
start.run()
