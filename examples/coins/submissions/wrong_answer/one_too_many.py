# Good coins, but one too many.
print(*[1] * (int(input()) + 1))
