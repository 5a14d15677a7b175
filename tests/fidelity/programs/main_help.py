# help() of what the main program defines.
def function(a: int, b="x") -> None:
    """Does nothing."""
help(function)
