# Far more than a pipe holds.
for _ in range(6):
    print("x" * 1_000_000, flush=True)
