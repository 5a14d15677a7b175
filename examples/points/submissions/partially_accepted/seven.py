# @EXPECTED_SCORE@: 21
print('a' * 7)
