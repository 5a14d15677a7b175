# Two functions that call each other for ever.
# ends: exit 1
def odd(n): return even(n - 1)
def even(n):
    return odd(n - 1)
even(1)
