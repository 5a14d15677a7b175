print("", input(), "")
