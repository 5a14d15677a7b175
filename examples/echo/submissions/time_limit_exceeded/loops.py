while (line := input()) != "bye":
    print(line, flush=True)
    while True:
        pass
