# @EXPECTED_SCORE@: -1
print("no")
