# The last line is a comment without an end.
if True:
    print('x')
    # last