while True:
    line = input()
    print(line, flush=True)
    if line == "bye":
        break
