import warnings
print("\w is no escape")
def warn():
    warnings.warn("not shown", DeprecationWarning)
    warnings.warn("shown")
