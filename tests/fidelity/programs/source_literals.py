# Literals of every kind.
print(0x_ff, 0b1, 0o7, 1_000.5e-3, 1j, "\N{BULLET}\u00e4\U0001F600\x41\101", rb"\d", f"{1+1=} {'a'!r:>5} {3.14159:.2f}", b"\xff", ..., None)
print(f"{'nested' + f'{1}'}", "a" "b", '''multi
line''')
