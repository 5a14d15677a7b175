# At the top level locals() are the globals.
print(locals() is globals(), vars() is globals(), dir() == sorted(globals()))
