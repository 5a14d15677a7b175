# quit() closes standard input.
# ends: exit 3
print(repr(exit), repr(quit))
quit(3)
