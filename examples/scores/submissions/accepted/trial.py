# @EXPECTED_SCORE@: 100
n = int(input())
prime = n > 1
d = 2
while prime and d * d <= n:
    prime = n % d != 0
    d += 1
print("yes" if prime else "no")
