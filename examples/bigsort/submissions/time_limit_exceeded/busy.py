# Never comes to an end, and is busy all the time.
while True:
    pass
