# @EXPECTED_SCORE@: 2
# A crash costs no more than a wrong answer: -1 - 1 + 2 + 2.
number = int(input())
if number < 10:
    raise RuntimeError("too easy")
print("no" if number % 7 else "yes")
