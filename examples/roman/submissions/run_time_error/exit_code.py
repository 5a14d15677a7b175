"""Numbers as the Romans wrote them."""

VALUES = {
    1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX", 5: "V", 4: "IV", 1: "I",
}


def to_roman(number):
    letters = []
    for value, sign in VALUES.items():
        count, number = divmod(number, value)
        letters.append(sign * count)
    return "".join(letters)


import sys

for line in sys.stdin:
    print(to_roman(int(line)))

# The right answer does not help when the program says that it failed.
raise SystemExit(3)
