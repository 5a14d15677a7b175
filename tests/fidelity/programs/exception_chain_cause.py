# An exception with a cause, which has one itself.
# ends: exit 1
def low(): raise OSError(2, "No such thing", "file")
def middle():
    try: low()
    except OSError as error: raise ValueError("middle") from error
try:
    middle()
except ValueError as error:
    raise RuntimeError("top", 1) from error
