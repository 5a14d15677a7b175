# @EXPECTED_RESULTS@: WRONG-ANSWER
# @EXPECTED_SCORE@: 0
input()
print(max(map(int, input().split())))
