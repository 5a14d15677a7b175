# @EXPECTED_RESULTS@: RUN-ERROR
# @EXPECTED_SCORE@: 0
# The grader is told of the errors, and answers with the first.
input()
input()
input()
