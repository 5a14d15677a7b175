# @EXPECTED_RESULTS@: ACCEPTED
# @EXPECTED_SCORE@: 50
# Fails the group of large numbers: 20 + 30.
input()
apples = list(map(float, input().split()))
print(int(max(apples)), int(sum(apples)))
