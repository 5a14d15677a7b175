# Wraps at 32 bits, as many a program in another language would.
a, b = map(int, input().split())
print((a + b + 2**31) % 2**32 - 2**31)
