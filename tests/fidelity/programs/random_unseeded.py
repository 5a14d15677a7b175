# Without a seed every run draws other numbers, from each generator.
# differs
import random
print(random.random())
print(random.getrandbits(64))
print(random.sample(range(10**9), 3))
print(random.gauss(0, 1))
print(random.randbytes(8))
print(random.Random().random())
print(random.getstate()[1][:3])
