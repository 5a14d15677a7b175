# Exceptions through context managers, one of which swallows.
# ends: exit 1
import contextlib
@contextlib.contextmanager
def manager():
    try: yield
    finally: print("closed")
with contextlib.suppress(KeyError), manager(): raise KeyError("swallowed")
with contextlib.ExitStack() as stack:
    stack.callback(lambda: 1 / 0)
    stack.enter_context(manager())
    raise ValueError("through")
