from two import b
a = 1
