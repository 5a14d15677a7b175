# An exception that is raised again, and one with a traceback of its own.
# ends: exit 1
import sys
def f(): raise ValueError("first")
kept = None
try: f()
except ValueError as error: kept = error
def g(): raise kept
try: g()
except ValueError:
    raise kept.with_traceback(sys.exception().__traceback__.tb_next)
