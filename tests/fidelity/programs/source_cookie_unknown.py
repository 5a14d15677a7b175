# An encoding that does not exist.
# -*- coding: no-such-encoding -*-
# ends: exit 1
print("never")
