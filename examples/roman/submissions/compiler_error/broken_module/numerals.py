# @EXPECTED_RESULTS@: COMPILER-ERROR
def to_roman(number)
    return "I" * number
