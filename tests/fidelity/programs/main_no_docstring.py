# Without a docstring __doc__ is None.
print(__doc__)
