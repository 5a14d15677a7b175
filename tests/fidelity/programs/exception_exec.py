# Frames of code that has no file.
# ends: exit 1
exec("def f():\n    return 1 / 0\n")
eval("f()")
