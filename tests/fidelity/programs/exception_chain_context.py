# An exception while another one is handled.
# ends: exit 1
def f():
    try:
        {}["missing"]
    except KeyError:
        int("x")
f()
