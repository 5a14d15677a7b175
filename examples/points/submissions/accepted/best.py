# @EXPECTED_SCORE@: 300
print('a' * 100)
