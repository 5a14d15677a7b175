while True:
    print("AC 1")
