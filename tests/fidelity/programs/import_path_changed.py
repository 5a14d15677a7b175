# A directory that is added to the path.
import sys, os
os.mkdir("more")
with open("more/extra.py", "w") as file: file.write("print(__name__, __file__)\n")
sys.path.append("more")
import extra
sys.path.insert(0, "/tmp"); print(sys.path[:2])
