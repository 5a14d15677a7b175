# Notes that are no texts.
# ends: exit 1
error = ValueError("it")
error.__notes__ = [1, "two", None]
raise error
