# A recursion error inside the handling of one.
# ends: exit 1
def f():
    try: f()
    except RecursionError: g()
def g(): raise ValueError("too deep") from None
f()
