# @EXPECTED_RESULTS@: TIMELIMIT
# The validator waits for a question: a deadlock, though both read.
print(input())
