# The docstring of the main program is its own.
"""What it is about."""
print(repr(__doc__))
