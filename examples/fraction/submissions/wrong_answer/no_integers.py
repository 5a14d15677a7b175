print(input(), 1)
