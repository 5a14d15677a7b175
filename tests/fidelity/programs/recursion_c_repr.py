# Recursion in C: the text of a list of lists.
value = []
for _ in range(100_000): value = [value]
try:
    repr(value)
except RecursionError as error:
    print(error)
recursive = []; recursive.append(recursive)
print(recursive)
