input()
numbers = sorted(float(word) for word in input().split())
print(numbers[len(numbers) // 2])
