# The order of words in a set differs from run to run.
# differs between boxes
words = "the quick brown fox jumps over the lazy dog and runs away".split()
print(list(set(words)))
print(list(frozenset(words)))
