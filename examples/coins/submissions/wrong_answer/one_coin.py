# The right sum, of a coin that is not in use.
print(input())
