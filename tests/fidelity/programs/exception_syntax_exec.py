# Sources that do not compile at run time.
# ends: exit 1
for source in ("1 +", "def f(:", "x = 'open", "return", "if 1:\nx", "\tx\n  y"):
    try: exec(source)
    except SyntaxError as error: print(type(error).__name__, error, error.lineno, error.offset, repr(error.text))
def f(): compile("a = (\nb c\n", "given.py", "exec")
f()
