# Would need some time.
import random

while True:
    random.random()
