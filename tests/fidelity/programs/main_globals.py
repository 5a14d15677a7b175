# The names that are there before the first statement, in their order.
print(list(globals()))
print({name: type(value).__name__ for name, value in list(globals().items())})
