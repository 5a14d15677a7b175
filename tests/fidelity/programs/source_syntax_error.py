# The program does not compile.
# ends: exit 1
print("never")
def f(:
    pass
