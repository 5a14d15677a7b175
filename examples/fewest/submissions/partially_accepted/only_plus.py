# @EXPECTED_SCORE@: 1000
print("+" * (int(input()) - 1))
