# Small integers, empty tuples and constants are shared.
a = 256; b = int("256"); c = int("257"); d = int("257")
print(a is b, c is d, () is tuple([]), "a" is chr(97), frozenset() is frozenset())
