# Reads on after the end.
while True:
    line = input()
    if line != "bye":
        print(line, flush=True)
    else:
        raise SystemExit(1)
