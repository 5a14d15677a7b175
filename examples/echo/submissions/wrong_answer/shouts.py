# Is rejected at the first line, and goes on writing to nobody.
while True:
    print("HELLO?", flush=True)
