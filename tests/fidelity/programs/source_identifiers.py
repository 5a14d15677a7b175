# Names in other scripts, which are normalised.
π = 3; ﬁn = 1; 名前 = 'n'
print(π, fin, 名前, sorted(k for k in globals() if not k.startswith('__')))
