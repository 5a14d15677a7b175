# Negative numbers have a size, too.
print(max(map(int, input().split()), key=abs))
