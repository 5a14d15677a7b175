# @EXPECTED_RESULTS@: ACCEPTED
# @EXPECTED_SCORE@: 85
# Too slow for the last group only: 20 + 30 + 20 + 15
n = int(input())
print("yes" if n > 1 and all(n % d for d in range(2, n)) else "no")
