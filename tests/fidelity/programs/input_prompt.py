# A prompt goes to standard output, in order.
name = input("name? ")
print("hello", name)
age = input("äge? ")
print(int(age) + 1)
