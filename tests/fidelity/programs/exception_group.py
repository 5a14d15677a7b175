# An exception group with groups in it.
# ends: exit 1
def make(kind, *args):
    try: raise kind(*args)
    except kind as error: return error
def inner():
    raise ExceptionGroup("inner", [make(ValueError, 1), make(TypeError, "two")])
try:
    inner()
except* ValueError:
    raise ExceptionGroup("outer", [make(KeyError, "k"), ExceptionGroup("empty handed", [make(OSError, 5, "io")])])
