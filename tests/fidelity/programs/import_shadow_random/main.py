# A file called random.py is what `import random` means.
import random
print(random.random(), random.__file__)
