# @EXPECTED_RESULTS@: ACCEPTED
# @EXPECTED_SCORE@: 35
# 0 + 10 (one of three) + 10 (two of four) + 15 (the easier of the nested groups)
input()
print("yes")
