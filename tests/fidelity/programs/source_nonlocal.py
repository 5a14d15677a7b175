# A name that is bound nowhere.
# ends: exit 1
def f():
    nonlocal x
