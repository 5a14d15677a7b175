# A chain of causes that bites its tail.
# ends: exit 1
one, two = ValueError("one"), ValueError("two")
one.__cause__, two.__cause__ = two, one
raise one
