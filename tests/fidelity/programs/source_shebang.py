#!/usr/bin/env python2 -S  The first line is no command here.
# It shows that the name of an interpreter is not followed.
import sys
print(sys.version_info >= (3,))
