# A module that the program writes itself, before it is imported first.
import sys
with open("heapq.py", "w") as file: file.write("MINE = 'written'\n")
import heapq
print(getattr(heapq, "MINE", "the library's"), heapq.__file__)
