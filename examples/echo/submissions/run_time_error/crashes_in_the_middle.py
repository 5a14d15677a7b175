# Right as long as it lives; the end of its output makes the validator reject it, but the crash came first.
rounds = 0
while (line := input()) != "bye":
    print(line, flush=True)
    rounds += 1
    if rounds == 2:
        raise RuntimeError("enough")
