import os
import shutil
import sys

PATH = "feedback/nextpass.in"

with open(PATH, "rb") as file:
    shutil.copyfileobj(file, sys.stdout.buffer)
os.remove(PATH)
