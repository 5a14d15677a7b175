import math

count = int(input())
numbers = [float(word) for word in input().split()]
print(math.fsum(numbers) / count)

# The right answer does not help when the program says that it failed.
raise SystemExit(3)
