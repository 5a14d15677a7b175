# Another notation of the same number is as good.
count = int(input())
numbers = [float(word) for word in input().split()]
print(f"{sum(numbers) / count:.10e}")
