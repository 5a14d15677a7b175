# @EXPECTED_SCORE@: 60
input()
apples = list(map(int, input().split()))
print(max(apples), sum(apples))
