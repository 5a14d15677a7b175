"""Without the subtractions: IIII instead of IV."""


def to_roman(number):
    letters = ""
    for value, sign in ((1000, "M"), (500, "D"), (100, "C"), (50, "L"), (10, "X"), (5, "V"), (1, "I")):
        letters += sign * (number // value)
        number %= value
    return letters
