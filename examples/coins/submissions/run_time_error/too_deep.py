def change(n):
    return [1, *change(n - 1)]


print(*change(int(input())))
