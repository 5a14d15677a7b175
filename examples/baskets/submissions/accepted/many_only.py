# @EXPECTED_RESULTS@: ACCEPTED
# @EXPECTED_SCORE@: 60
# Fails the group of single baskets, which is not one of the best two.
n = int(input())
apples = list(map(int, input().split()))
print(max(apples), sum(apples) if n > 1 else -1)
