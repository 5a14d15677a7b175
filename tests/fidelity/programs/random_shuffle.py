# A shuffle without a seed.
# differs
import random
numbers = list(range(1000))
random.shuffle(numbers)
print(numbers)
