# An encoding that nobody knows.
# -*- coding: no-such-encoding -*-
# ends: exit 1
print("never")
