# Bytes that are no UTF-8, in a comment: refused in the main program.
# ends: exit 1
print('x')  # ä
