# No warning was seen before.
print("__warningregistry__" in globals())
import warnings
warnings.warn("x")
print(list(__warningregistry__))
