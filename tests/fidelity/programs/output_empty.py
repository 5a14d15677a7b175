# Empty lines and separators.
print(); print("", end="\n\n"); print("a", "b", sep=""); print(*[], sep=","); print("x", end="\r\n"); print("\f\v\x1c\u2028")
