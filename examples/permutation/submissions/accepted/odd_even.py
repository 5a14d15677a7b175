n = int(input())
if n in (2, 3):
    print("impossible")
elif n == 4:
    print(2, 4, 1, 3)
else:
    print(*range(1, n + 1, 2), *range(2, n + 1, 2))
