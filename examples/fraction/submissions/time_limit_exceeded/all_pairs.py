# Tries every pair, and never stops early.
x, m = float(input()), int(input())
best = (2.0, 0, 1)
for q in range(1, m + 1):
    for p in range(q + 1):
        best = min(best, (abs(x - p / q), q, p))
print(best[2], best[1])
