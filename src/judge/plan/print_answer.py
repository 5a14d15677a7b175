"""Writes the file that is named, or nothing: the answer to a test of a problem of the type submit-answer."""
import shutil
import sys

for name in sys.argv[1:]:
    with open(name, "rb") as answer:
        shutil.copyfileobj(answer, sys.stdout.buffer)
