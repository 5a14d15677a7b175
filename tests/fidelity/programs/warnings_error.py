# Warnings that are errors.
# ends: exit 1
import warnings
warnings.simplefilter("error")
warnings.warn("now an error")
