# With a seed every run draws the same numbers.
import random
random.seed(1)
print(random.random(), random.randint(1, 100), random.sample(range(100), 5), random.gauss(0, 1), random.shuffle(x := list(range(8))), x)
random.seed("text"); print(random.random(), random.Random(7).random())
