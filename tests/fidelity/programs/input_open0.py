# open(0) reads all of it.
data = open(0).read().split()
print(sum(map(int, data)))
