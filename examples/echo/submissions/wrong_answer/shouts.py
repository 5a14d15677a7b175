# Is rejected at the first line, and goes on writing without a reader.
while True:
    print("HELLO?", flush=True)
