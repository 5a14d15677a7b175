# @EXPECTED_RESULTS@: COMPILER-ERROR
print("one bracket is missing"
