# Is rejected at the tenth question, and goes on writing without a reader.
for guess in range(1, 1001):
    print(guess, flush=True)
    if input() == "correct":
        break
