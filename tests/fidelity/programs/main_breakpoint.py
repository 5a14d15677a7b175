# A breakpoint at the end of the input.
# ends: exit 1
x = 5
breakpoint()
print("never")
