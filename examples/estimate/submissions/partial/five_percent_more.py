import math

print(1.05 * math.sqrt(int(input())))
