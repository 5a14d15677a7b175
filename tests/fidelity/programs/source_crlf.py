# Lines that end as on Windows.
x = '''a
b'''
if x:
    print(repr(x))
