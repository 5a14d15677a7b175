n = int(input())
for coin in (50, 20, 10, 5, 2, 1):
    print(*[coin] * (n // coin))
    n %= coin
