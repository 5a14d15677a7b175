a, b = map(int, input().split())
print(a + b)

# The right answer does not help when the program says that it failed.
raise SystemExit(3)
