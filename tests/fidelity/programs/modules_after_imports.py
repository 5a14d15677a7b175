# What a few imports bring with them.
import sys
before = set(sys.modules)
import random, json, re, datetime
print([name for name in sys.modules if name not in before])
