# @EXPECTED_RESULTS@: ACCEPTED
# @EXPECTED_SCORE@: 20
input()
first = input().split()[0]
print(first, first)
