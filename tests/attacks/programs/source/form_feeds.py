# technique: form feeds, vertical tabs, carriage returns and other spaces as indentation and line ends
# source: CPython: tokenizer, form feed resets the column
# verdict: CE WA
# invariant: a line is a line to everybody or the program is refused
# without: seccomp
if 0:
    print('ESCAPED never')
print('held')
x = 1if x:	print('held')
print('x')
