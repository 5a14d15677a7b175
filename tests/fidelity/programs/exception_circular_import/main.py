# Two modules that import each other.
# ends: exit 1
import one
