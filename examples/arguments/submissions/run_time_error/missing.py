import sys

print(*sys.argv[1:], sep="\n")
print(open("words.txt").read(), end="")
print(open("more/words.txt").read(), end="")
