print(1000, flush=True)
input()
print(1, flush=True)
raise RuntimeError("enough")
