# Warnings of the compiler.
x = 1
print(x is 1, "\d")
def f():
    try: pass
    finally: pass
print("a"
      is "a")
assert (x, "always true")
