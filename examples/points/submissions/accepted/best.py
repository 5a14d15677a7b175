# @EXPECTED_SCORE@: 160
print('a' * int(input()))
