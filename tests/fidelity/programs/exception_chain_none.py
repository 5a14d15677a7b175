# An exception whose context is suppressed.
# ends: exit 1
try:
    1 / 0
except ZeroDivisionError:
    raise KeyError("only this") from None
