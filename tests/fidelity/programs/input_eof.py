# input() at the end of the input.
# ends: exit 1
print(input("prompt> "))
