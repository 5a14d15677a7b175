# A file named like a module of the library breaks what needs it: the advice is shown.
# ends: exit 1
import random
print(random.randint(1, 2))
