print("is it blue?", flush=True)
input()
