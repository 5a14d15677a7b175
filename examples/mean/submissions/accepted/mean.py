import math

count = int(input())
numbers = [float(word) for word in input().split()]
print(math.fsum(numbers) / count)
