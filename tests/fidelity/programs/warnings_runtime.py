# Warnings while it runs: where, how often, with the line.
import warnings
def f(): warnings.warn("careful", stacklevel=2)
for _ in range(3): f()
f()
warnings.warn("old", DeprecationWarning)
warnings.warn("soon", PendingDeprecationWarning)
warnings.warn("later", FutureWarning)
warnings.warn_explicit("explicit", UserWarning, "elsewhere.py", 7)
