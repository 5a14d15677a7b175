# @EXPECTED_SCORE@: 8
print("no" if int(input()) % 7 else "yes")
