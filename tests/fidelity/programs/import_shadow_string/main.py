# A file called string.py is what everybody gets.
import string
print(string.MINE, string.__file__)
try:
    import tempfile, logging
    print("still works")
except (ImportError, AttributeError) as error:
    print(type(error).__name__, str(error).split("(")[0])
