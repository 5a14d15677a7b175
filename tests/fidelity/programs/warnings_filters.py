# The filters at the start, and those of one's own.
import warnings, sys
print(warnings.filters, sys.warnoptions)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("caught", DeprecationWarning)
print([str(warning.message) for warning in caught], globals().get("__warningregistry__"))
