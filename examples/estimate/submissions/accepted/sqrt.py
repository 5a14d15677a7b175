import math

print(math.sqrt(int(input())))
