from fractions import Fraction


def read_input(path):
    with open(path) as file:
        return Fraction(file.readline().strip()), int(file.readline())


def read_output(text):
    words = text.split()
    if len(words) != 2 or not all(word.isascii() and word.isdigit() and len(word) < 20 for word in words):
        return None
    return int(words[0]), int(words[1])
